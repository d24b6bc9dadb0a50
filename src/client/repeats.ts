import { retryAfterSeconds } from './problem.js';
import { Limit, pause, throwIfAborted, type Signals } from './signals.js';
import { PosthornUnreachable } from './unreachable.js';

/** As `fetch`, but always with the URL as text, and the body as text or none: what any implementation takes. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
  },
) => Promise<FetchedAnswer>;

/** The part of a `Response` that the client reads: any implementation's has it. */
export interface FetchedAnswer extends Pick<
  Response,
  'ok' | 'status' | 'statusText' | 'body' | 'arrayBuffer' | 'text'
> {
  readonly headers: Pick<Headers, 'get'> & {
    forEach(tell: (value: string, name: string) => void): void;
  };
}

/** How calls are made. */
export interface CallSettings {
  readonly fetch: Fetch;
  /** For one try, its answer's body included. */
  readonly timeoutMs: number;
  /** How often a call that may be repeated is repeated at most. */
  readonly retries: number;
  /** Ends all calls. */
  readonly signal: AbortSignal | undefined;
}

/** A request that says of itself whether repeating it does no harm. */
export type MarkedRequest = Request & { readonly idempotent?: unknown };

const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** A longer `Retry-After` is the caller's to wait for. */
const LONGEST_ASKED_SECONDS = 60;
/** What is added to a `Retry-After` at most, so that those who were refused together do not come back together. */
const SPREAD_MS = 500;

/** A `fetch` that makes calls again which were refused for now or got no answer, if repeating them does no harm. */
export function repeatingFetch(settings: CallSettings): (request: Request) => Promise<Response> {
  return async (request) => {
    const text = request.method === 'GET' || request.method === 'HEAD' ? '' : await request.text();
    const init = {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      ...(text === '' ? {} : { body: text }),
    };
    const signals: Signals = [settings.signal, request.signal];
    const mostTries = mayBeRepeated(request) ? settings.retries + 1 : 1;
    for (let tries = 1; ; tries += 1) {
      const answer = await once(settings, request.url, init, signals).catch((cause: unknown) => {
        throwIfAborted(signals);
        if (tries >= mostTries)
          throw new PosthornUnreachable(`${request.method} ${request.url}`, tries, cause);
        return null;
      });
      const asked = answer && retryAfterSeconds(answer.headers);
      if (answer && (!isForNow(answer) || tries >= mostTries || (asked ?? 0) > LONGEST_ASKED_SECONDS)) {
        return answer;
      }
      await pause(pauseMs(tries, asked), signals);
    }
  };
}

/** Repeating it delivers nothing twice: it only reads, the API knows it again by its key, or its sender says so. */
function mayBeRepeated(request: MarkedRequest): boolean {
  return (
    request.method === 'GET' ||
    request.method === 'HEAD' ||
    request.headers.has('idempotency-key') ||
    request.idempotent === true
  );
}

/** Whether the same call may succeed a little later. */
export function isForNow({ status }: { readonly status: number }): boolean {
  return status === TOO_MANY_REQUESTS || status === UNAVAILABLE;
}

/**
 * How long to wait before a repetition, in milliseconds.
 * @param tries how often the call was made: 1 at least
 * @param askedSeconds what the API asked for by `Retry-After`; it is never less. Without: 250 ms, doubled at each, 5 s at
 *   most, and between half of that and all of it
 * @param random between 0 and 1
 */
export function pauseMs(tries: number, askedSeconds: number | null, random = Math.random()): number {
  if (askedSeconds !== null) return askedSeconds * 1_000 + random * SPREAD_MS;
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
  return (most * (1 + random)) / 2;
}

/** One try, with the whole answer: a connection that breaks within it counts as no answer. */
async function once(
  { fetch, timeoutMs }: CallSettings,
  url: string,
  init: Omit<Parameters<Fetch>[1], 'signal'>,
  signals: Signals,
): Promise<Response> {
  const limit = new Limit(timeoutMs, signals);
  try {
    return await limit.within(fetch(url, { ...init, signal: limit.signal }).then(whole));
  } finally {
    limit.release();
  }
}

/** Statuses whose answers have no body, and may be given none. */
const WITHOUT_BODY = [204, 205, 304];

async function whole(answer: FetchedAnswer): Promise<Response> {
  const { status, statusText } = answer;
  const bytes = await answer.arrayBuffer();
  const headers: [string, string][] = [];
  answer.headers.forEach((value, name) => headers.push([name, value]));
  return new Response(WITHOUT_BODY.includes(status) ? null : bytes, { status, statusText, headers });
}
