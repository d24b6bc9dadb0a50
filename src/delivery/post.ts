import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { errorCode } from '../errors.js';
import { AddressRefused, type AddressGuard } from './address-guard.js';
import { Connections, MOST_WAITING, type Connection } from './connections.js';
import { asOneLine, failureOf } from './failure.js';
import { parseRetryAfter, type Answer } from './outcome.js';
import { redact } from './redact.js';

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What must not stand in anything that is kept of the answer, should the receiver echo it. */
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

/** As much of an answer's body is read and kept. */
export const ANSWER_BODY_BYTES = 20_480;

/**
 * @param mostWaiting connections that are kept for the next POST
 * @returns the POST, and how to close its connections
 */
export function createPost(
  guard: AddressGuard,
  mostWaiting = MOST_WAITING,
): { post: Post; close: () => Promise<void> } {
  const connect = buildConnector({ lookup: guard.lookup, timeout: 0 });
  const connections = new Connections((options, callback) => {
    const hostname = options.hostname.replace(/^\[|\]$/g, '');
    // A literal address is connected to without a look-up: it is judged here.
    const problem = isIP(hostname) ? guard.problemWithAddress(hostname) : null;
    if (problem) callback(new AddressRefused(problem), null);
    else return connect(options, callback);
  }, mostWaiting);
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
    const connection = connections.take(origin);
    const answer = await postOver(connections, connection, post, signal).catch((error: unknown) => {
      if (!connection.failedStale(error)) throw error;
      repeated = { possiblyRepeated: true };
      return postOver(connections, connections.takeNew(origin), post, signal);
    });
    return { kind: 'answered', ...answer, ...ended() };
  } catch (error) {
    if (post.interruption?.aborted) throw new Interrupted();
    if (limit.signal.aborted) {
      const text = `no answer within ${post.timeLimitMs / 1000} s`;
      return { kind: 'unanswered', code: 'timeout', text, ...ended() };
    }
    if (isClosing(error)) throw new Interrupted();
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
): Promise<{ statusCode: number; body: string; retryAfterMs?: number }> {
  let isWhole = false;
  // Not left to undici, which hears of a signal only when the connection is made: it may never be.
  const stop = () => void connection.close();
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    const { pathname, search } = new URL(post.url);
    const response = await connection.client.request({
      method: 'POST',
      path: pathname + search,
      headers: post.headers,
      body: post.body,
    });
    // The headers have decided; what is left of the time goes to the body.
    const body = await firstBytesOf(response.body);
    isWhole = body.isWhole;
    const retryAfterMs = parseRetryAfter(headerOf(response.headers['retry-after']), new Date());
    return {
      statusCode: response.statusCode,
      body: redact(body.text, post.confidential),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } finally {
    signal.removeEventListener('abort', stop);
    connections.giveBack(connection, isWhole);
  }
}

/** The body's first bytes as text that PostgreSQL can hold. A body that breaks off ends where it broke off. */
async function firstBytesOf(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
): Promise<{ text: string; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  let isWhole = true;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      isWhole = length < ANSWER_BODY_BYTES;
      if (!isWhole) break;
    }
  } catch {
    isWhole = false;
    body.destroy();
  }
  const bytes = Buffer.concat(chunks).subarray(0, ANSWER_BODY_BYTES);
  // As a stream: what has been cut within a character ends before it.
  const text = new TextDecoder().decode(bytes, { stream: !isWhole }).replaceAll('\0', '\uFFFD');
  return { text, isWhole };
}

/** The process ends, and has closed its connections. */
function isClosing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED';
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
