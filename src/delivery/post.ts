import { isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import type { AddressGuard } from './address-guard.js';
import { AddressRefused } from './address-guard.js';
import { parseRetryAfter, type Answer, type FailureCode } from './outcome.js';

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
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
 * Sends one POST. Whatever the receiver does is an answer.
 * @throws Interrupted and nothing else
 */
export type Post = (post: PostRequest) => Promise<Answer>;

/** As much of an answer's body is read and kept. */
export const ANSWER_BODY_BYTES = 20_480;

/** @returns the POST, and how to close its connections */
export function createPost(guard: AddressGuard): { post: Post; close: () => Promise<void> } {
  const connect = buildConnector({ lookup: guard.lookup, timeout: 60_000 });
  const agent = new Agent({
    connect(options, callback) {
      const problem = isIP(options.hostname.replace(/^\[|\]$/g, ''))
        ? guard.problemWithAddress(options.hostname.replace(/^\[|\]$/g, ''))
        : null;
      // A literal address is connected to without a look-up: it is judged here.
      if (problem) callback(new AddressRefused(problem), null);
      else connect(options, callback);
    },
    // The one time limit is ours, over the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  });
  return { post: (post) => exchange(agent, post), close: () => agent.destroy() };
}

async function exchange(agent: Agent, post: PostRequest): Promise<Answer> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), post.timeLimitMs);
  const signal = post.interruption ? AbortSignal.any([limit.signal, post.interruption]) : limit.signal;
  try {
    const response = await request(post.url, {
      dispatcher: agent,
      method: 'POST',
      headers: post.headers,
      body: post.body,
      signal,
    });
    // The headers have decided; what is left of the time goes to the body.
    const body = await firstBytesOf(response.body);
    const retryAfterMs = parseRetryAfter(headerOf(response.headers['retry-after']), new Date());
    return {
      kind: 'answered',
      statusCode: response.statusCode,
      body,
      durationMs: elapsed(),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (error) {
    if (post.interruption?.aborted || isClosing(error)) throw new Interrupted();
    const durationMs = elapsed();
    if (limit.signal.aborted) {
      const text = `no answer within ${post.timeLimitMs / 1000} s`;
      return { kind: 'unanswered', code: 'timeout', text, durationMs };
    }
    return { kind: 'unanswered', ...failureOf(error), durationMs };
  } finally {
    clearTimeout(timer);
  }
}

/** The body's first bytes as text that PostgreSQL can hold. A body that breaks off ends where it broke off. */
async function firstBytesOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= ANSWER_BODY_BYTES) break;
    }
  } catch {
    body.destroy();
  }
  const bytes = Buffer.concat(chunks).subarray(0, ANSWER_BODY_BYTES);
  return new TextDecoder().decode(bytes).replaceAll('\0', '\uFFFD');
}

/** The process ends, and has closed its connections. */
function isClosing(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED';
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

const CODES: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  UND_ERR_SOCKET: 'connection_lost',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'invalid_answer',
};

/** Codes of OpenSSL and of certificate checks have no common prefix but these. */
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;

/** What stood in the way of an answer, without the request's own headers or body. */
export function failureOf(error: unknown): { code: FailureCode; text: string } {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (cause instanceof AddressRefused) return { code: 'address_refused', text: cause.message };
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const text = message === '' ? code : message;
  if (TLS_CODE.test(code)) return { code: 'tls', text };
  if (code.startsWith('HPE_')) return { code: 'invalid_answer', text };
  return { code: CODES[code] ?? 'unknown', text };
}
