import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { components } from './api-types.js';
import { PosthornProblem, problemOf } from './problem.js';
import { isForNow, pauseMs, type CallSettings } from './repeats.js';
import { isAborted, Limit, pause } from './signals.js';
import { PosthornUnreachable } from './unreachable.js';

type Schemas = components['schemas'];

/** What the messages carry, by their type: the views that the API's other answers have. */
interface DataByType {
  readonly 'event.accepted': { readonly event: Schemas['Event'] };
  readonly 'delivery.updated': { readonly delivery: Schemas['Delivery'] };
  readonly 'attempt.finished': {
    readonly attempt: Schemas['Attempt'];
    readonly delivery_id: string;
    readonly event_id: string;
    readonly webhook_id: string;
  };
  readonly 'webhook.updated': { readonly webhook: Schemas['Webhook'] };
  readonly 'job.updated': { readonly job: Schemas['RecoveryJob']; readonly webhook_id: string };
  /** There was more than was sent. Read the lists, which have everything; the stream goes on from here. */
  readonly missed: Readonly<Record<string, never>>;
}

/** The kinds of messages that can be asked for. */
export type StreamKind = Exclude<keyof DataByType, 'missed'>;

/** Something that has changed. `id`: where to go on from, as `lastEventId`; null if the message has none. */
export type StreamMessage = {
  readonly [Type in keyof DataByType]: {
    readonly type: Type;
    readonly id: string | null;
    readonly data: DataByType[Type];
  };
}[keyof DataByType];

export interface StreamOptions {
  /** Only these; all without it. */
  readonly kinds?: readonly StreamKind[] | undefined;
  /** Only what is about this endpoint. */
  readonly webhookId?: string | undefined;
  /** Only what is about this event. */
  readonly eventId?: string | undefined;
  /** The `id` of the last message that was read before: goes on after it. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Told why the stream was interrupted, each time before it is opened again. */
  readonly onInterruption?: ((reason: Error) => void) | undefined;
}

/** The API writes something every 15 s: after three times that, the connection is dead. */
const LONGEST_SILENCE_MS = 45_000;
/** No message has nearly so many characters: a server that sends more sends something else. */
const MOST_CHARACTERS = 16_000_000;

/**
 * The messages of a stream. A stream that was open is opened again for as long as it takes, and goes on after the last
 * message; one that cannot be opened at all is tried `retries` times more.
 * @param url of the stream, its query included
 * @throws PosthornProblem when the API refuses it; PosthornUnreachable when it cannot be opened
 */
export async function* messagesOf(
  settings: CallSettings,
  url: string,
  headers: Readonly<Record<string, string>>,
  options: StreamOptions,
): AsyncGenerator<StreamMessage, void> {
  const signals = [settings.signal, options.signal];
  let { lastEventId } = options;
  let wasOpen = false;
  for (let tries = 1; ; tries += 1) {
    let askedSeconds: number | null = null;
    const limit = new Limit(LONGEST_SILENCE_MS, signals);
    try {
      const body = await open(settings, url, { ...headers, ...resumption(lastEventId) }, limit);
      wasOpen = true;
      tries = 1;
      for await (const message of messagesIn(body, limit)) {
        lastEventId = message.id ?? lastEventId;
        yield message;
      }
      options.onInterruption?.(new Error('The API has ended the stream.'));
    } catch (cause) {
      if (isAborted(signals)) return;
      const reason = cause instanceof Error ? cause : new Error(String(cause));
      if (reason instanceof PosthornProblem) {
        if (!isForNow(reason) || (!wasOpen && tries > settings.retries)) throw reason;
        askedSeconds = reason.retryAfterSeconds;
      } else if (!wasOpen && tries > settings.retries) {
        throw new PosthornUnreachable(`GET ${url}`, tries, reason);
      }
      options.onInterruption?.(reason);
    } finally {
      limit.end();
    }
    try {
      await pause(pauseMs(tries, askedSeconds), signals);
    } catch {
      return;
    }
  }
}

function resumption(lastEventId: string | undefined): Record<string, string> {
  return lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
}

async function open(
  { fetch }: CallSettings,
  url: string,
  headers: Readonly<Record<string, string>>,
  limit: Limit,
): Promise<ReadableStream<Uint8Array>> {
  const response = await limit.within(
    fetch(url, {
      method: 'GET',
      headers: { accept: 'text/event-stream', ...headers },
      signal: limit.signal,
    }),
  );
  if (!response.ok || response.body === null) throw await problemOf(`GET ${url}`, response);
  return response.body;
}

/** Throws when nothing comes for too long, or the connection breaks. */
async function* messagesIn(
  body: ReadableStream<Uint8Array>,
  limit: Limit,
): AsyncGenerator<StreamMessage, void> {
  const parsed: EventSourceMessage[] = [];
  const parser = createParser({
    maxBufferSize: MOST_CHARACTERS,
    onEvent: (message) => parsed.push(message),
  });
  const decoder = new TextDecoder();
  // Not `for await`: not every browser's streams can be iterated.
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await limit.within(reader.read());
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    for (const { event, id = null, data } of parsed.splice(0)) {
      if (event !== undefined) yield { type: event, id, data: JSON.parse(data) as unknown } as StreamMessage;
    }
  }
}
