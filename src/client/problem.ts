import type { components } from './api-types.js';

/** A problem as the API sends it (RFC 9457). */
export type ProblemBody = components['schemas']['Problem'];
/** One invalid field: `pointer` into the body (RFC 6901), or `parameter` of the query or a header. */
export type FieldError = NonNullable<ProblemBody['errors']>[number];

/** The code of an answer that Posthorn did not give, such as a proxy's. */
const NOT_POSTHORN = 'unknown';

/** The API refused a call: its answer is not 2xx. */
export class PosthornProblem extends Error {
  override name = 'PosthornProblem';
  /** The HTTP status: 400 to 599. */
  readonly status: number;
  /** The error, for programs: `event_conflict`, `missing_scope`, …; `unknown` if the answer is not Posthorn's. */
  readonly code: string;
  /** Posthorn's log lines about the request have it too; null if the answer is not Posthorn's. */
  readonly requestId: string | null;
  /** One for each invalid field; empty if the problem is another. */
  readonly errors: readonly FieldError[];
  /** Seconds to wait before the call is made again, as `Retry-After` has them; null without. */
  readonly retryAfterSeconds: number | null;
  /** The problem as it was sent, with `event_id`, `event_ids` and `checks` where it has them; null if it is not Posthorn's. */
  readonly body: ProblemBody | null;

  /**
   * @param call the method and URL that were called
   * @param answer its body is that problem, or not Posthorn's: null
   */
  constructor(
    call: string,
    answer: { status: number; retryAfterSeconds: number | null; body: ProblemBody | null },
  ) {
    const { body, status } = answer;
    super(`${call}: ${status} ${body === null ? '(not an answer of Posthorn)' : textOf(body)}`);
    this.status = status;
    this.code = body?.code ?? NOT_POSTHORN;
    this.requestId = body?.request_id ?? null;
    this.errors = body?.errors ?? [];
    this.retryAfterSeconds = answer.retryAfterSeconds;
    this.body = body;
  }
}

/** The problem of an answer that is not 2xx. Reads the answer's body. */
export async function problemOf(
  call: string,
  response: Pick<Response, 'status' | 'text'> & { readonly headers: Pick<Headers, 'get'> },
): Promise<PosthornProblem> {
  const body = problemIn(await response.text());
  return new PosthornProblem(call, {
    status: response.status,
    retryAfterSeconds: retryAfterSeconds(response.headers),
    body,
  });
}

/** `Retry-After` in seconds from now, 0 at least, whichever of its two forms it has; null without. */
export function retryAfterSeconds(headers: Pick<Headers, 'get'>): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1_000);
}

function problemIn(text: string): ProblemBody | null {
  try {
    const json: unknown = JSON.parse(text);
    return isProblem(json) ? json : null;
  } catch {
    return null;
  }
}

function isProblem(json: unknown): json is ProblemBody {
  return (
    typeof json === 'object' &&
    json !== null &&
    'code' in json &&
    typeof json.code === 'string' &&
    'detail' in json &&
    typeof json.detail === 'string'
  );
}

function textOf({ code, detail, errors = [] }: ProblemBody): string {
  const fields = errors.map(
    (error) => `${'pointer' in error ? error.pointer || '/' : error.parameter}: ${error.detail}`,
  );
  return [`${code}: ${detail}`, ...fields].join('; ');
}
