import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { errorCode } from '../../lib/errors.js';
import { problems, type Problem } from './problem.js';
import { problemView } from './problem-view.js';

export interface CallersOptions {
  /** Maximum concurrent connections. */
  readonly most: number;
  /** How long a whole request may take to come, in milliseconds. */
  readonly requestMs: number;
  readonly logger: Logger;
}

/** The state of a connection. */
interface Caller {
  /** Requests that have no answer yet. */
  underWay: number;
  /** The last one that began. */
  last: { readonly request: IncomingMessage; readonly response: ServerResponse } | null;
}

/** How often at most the log says that connections were closed for others. */
const SAY_AGAIN_MS = 60_000;

/**
 * Bounds the connections to the API. One over the bound is let in, and another is closed for it: the one that has been
 * idle for the longest, else one whose request has not come whole yet. Where all wait for answers, the new one is
 * closed. What comes as no whole request gets its answer here, because Express never sees it.
 */
export function boundCallers(server: Server, { most, requestMs, logger }: CallersOptions): void {
  const callers = new Map<Socket, Caller>();
  /** Connections without a request, the longest idle first. */
  const idle = new Set<Socket>();
  const sayCrowded = nowAndThen((closed) => {
    logger.warn(
      { most, closed },
      'the limit of connections to the API is reached: the longest idle ones are closed for new ones',
    );
  });

  const forget = (socket: Socket) => {
    callers.delete(socket);
    idle.delete(socket);
  };
  const leastNeeded = (): Socket | undefined => {
    const longestIdle = idle.values().next();
    if (!longestIdle.done) return longestIdle.value;
    for (const [socket, { last }] of callers) if (last?.request.complete === false) return socket;
    return undefined;
  };

  server.on('connection', (socket: Socket) => {
    if (callers.size >= most) {
      const closed = leastNeeded() ?? socket;
      forget(closed);
      closed.destroy();
      sayCrowded();
      if (closed === socket) return;
    }
    callers.set(socket, { underWay: 0, last: null });
    idle.add(socket);
    socket.once('close', () => forget(socket));
  });

  server.on('request', (request, response) => {
    const caller = callers.get(request.socket);
    if (!caller) return;
    caller.underWay += 1;
    caller.last = { request, response };
    idle.delete(request.socket);
    response.once('close', () => {
      caller.underWay -= 1;
      if (caller.underWay === 0 && callers.has(request.socket)) idle.add(request.socket);
    });
  });

  server.on('clientError', (error, duplex) => {
    const socket = duplex as Socket;
    const { underWay = 0, last = null } = callers.get(socket) ?? {};
    // A second answer would look like that of the next request.
    const isAnswered = last?.response.headersSent === true && (underWay > 0 || !last.request.complete);
    if (isAnswered || !socket.writable || errorCode(error) === 'ECONNRESET') socket.destroy();
    else socket.end(inFull(refusalOf(errorCode(error), requestMs)));
  });
}

/** Tells how often it was asked to since it last told, and not more often than once a minute. */
function nowAndThen(tell: (times: number) => void): () => void {
  let times = 0;
  let toldAt = -Infinity;
  return () => {
    times += 1;
    if (performance.now() - toldAt < SAY_AGAIN_MS) return;
    tell(times);
    times = 0;
    toldAt = performance.now();
  };
}

function refusalOf(code: string | undefined, requestMs: number): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problems.requestTimeout(requestMs / 1_000);
  return code === 'HPE_HEADER_OVERFLOW' ? problems.headersTooLarge() : problems.notHttp();
}

/** An answer where there is no request that Express could answer. */
function inFull(problem: Problem): string {
  const body = JSON.stringify(problemView(problem, randomUUID()));
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
