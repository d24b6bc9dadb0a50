import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { AddressGuard } from './address-guard.js';
import { ANSWER_BODY_BYTES, type AnswerReader } from './answer-reader.js';
import { createConnect } from './connect.js';
import { Stale, type Connection } from './connection.js';
import { Connections, ConnectionsClosed, MOST_WAITING } from './connections.js';
import { decoded } from './decoded.js';
import { asOneLine, failureOf, InvalidAnswer } from './failure.js';
import type { Answer } from './outcome.js';
import { redact } from './redact.js';
import { parseRetryAfter } from './retry-after.js';

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Confidential values: removed from the answer if the receiver echoes them. */
  readonly confidential: readonly string[];
  /** For the whole exchange: resolving, connecting, sending, the answer's headers and body. */
  readonly timeLimitMs: number;
  /** Aborted when the worker must end before the answer has come. */
  readonly interruption?: AbortSignal;
}

/** The worker had to stop before the answer came: whether the receiver got the POST is not known. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/**
 * Sends one POST. Whatever the receiver does is an answer. A connection that turns out to have been closed while it
 * waited is replaced at once by a new one, and the answer says that the receiver may have got the POST twice.
 * @throws Interrupted and nothing else
 */
export type Post = (post: PostRequest) => Promise<Answer>;

/**
 * @param mostWaiting connections that are kept for the next POST
 * @returns the POST, and how to close its connections
 */
export function createPost(
  guard: AddressGuard,
  mostWaiting = MOST_WAITING,
): { post: Post; close: () => Promise<void> } {
  const connections = new Connections(createConnect(guard), mostWaiting);
  return { post: (post) => exchange(connections, post), close: () => connections.close() };
}

async function exchange(connections: Connections, post: PostRequest): Promise<Answer> {
  const startedAt = performance.now();
  const { origin } = new URL(post.url);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), post.timeLimitMs);
  const signal = post.interruption ? AbortSignal.any([limit.signal, post.interruption]) : limit.signal;
  let repeated = {};
  const ended = () => ({ durationMs: Math.round(performance.now() - startedAt), ...repeated });
  try {
    signal.throwIfAborted();
    const connection = await connections.take(origin);
    const answer = await postOver(connections, connection, post, signal).catch((error: unknown) => {
      if (!(error instanceof Stale)) throw error;
      repeated = { possiblyRepeated: true };
      return postOver(connections, connections.takeNew(origin), post, signal);
    });
    const { durationMs } = ended();
    return { kind: 'answered', ...(await shown(answer, post.confidential)), durationMs, ...repeated };
  } catch (error) {
    if (post.interruption?.aborted) throw new Interrupted();
    if (limit.signal.aborted) {
      const text = `no answer within ${post.timeLimitMs / 1000} s`;
      return { kind: 'unanswered', code: 'timeout', text, ...ended() };
    }
    if (error instanceof ConnectionsClosed) throw new Interrupted();
    const { code, text } = failureOf(error);
    return { kind: 'unanswered', code, text: asOneLine(redact(text, post.confidential)), ...ended() };
  } finally {
    clearTimeout(timer);
  }
}

/** The POST over one connection, which waits for another when the answer has been read to its end. */
async function postOver(
  connections: Connections,
  connection: Connection,
  post: PostRequest,
  signal: AbortSignal,
): Promise<AnswerReader> {
  let answer: AnswerReader | null = null;
  try {
    return (answer = await connection.send(headOf(post), post.body, signal));
  } finally {
    connections.giveBack(connection, answer);
  }
}

function headOf({ url, headers, body }: PostRequest): string {
  const { host, pathname, search } = new URL(url);
  const fields = Object.entries({ Host: host, Connection: 'keep-alive', ...headers });
  const lines = fields.map(([name, value]) => {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return `${name}: ${value}\r\n`;
  });
  return `POST ${pathname}${search} HTTP/1.1\r\n${lines.join('')}Content-Length: ${body.length}\r\n\r\n`;
}

/** The body that is kept, without confidential values. */
async function shown(
  answer: AnswerReader,
  confidential: readonly string[],
): Promise<{ statusCode: number; body: string; retryAfterMs?: number }> {
  const { statusCode, fields, isWhole } = answer;
  if (statusCode === null) throw new InvalidAnswer('it has no status');
  const codings = fields.list('content-encoding');
  const bytes = await decoded(answer.body, codings, ANSWER_BODY_BYTES);
  const text = bytes
    ? textOf(bytes, isWhole && bytes.length < ANSWER_BODY_BYTES)
    : asOneLine(`[not readable: encoded as ${codings.join(', ')}]`);
  const retryAfterMs = parseRetryAfter(fields.first('retry-after'), new Date());
  return {
    statusCode,
    body: redact(text, confidential),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Text that PostgreSQL can hold. What has been cut within a character ends before it. */
function textOf(bytes: Buffer, isWhole: boolean): string {
  return new TextDecoder().decode(bytes, { stream: !isWhole }).replaceAll('\0', '\uFFFD');
}
