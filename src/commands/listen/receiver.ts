import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.js';
import type { Step } from './script.js';

/** A request as it came. */
export interface Received {
  readonly at: Date;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What was answered. */
export interface Answered {
  /** The status, or what happened instead: `timeout`, `reset`, `not forwarded: …`. */
  readonly status: number | string;
  readonly durationMs: number;
}

export interface ReceiverOptions {
  readonly port: number;
  readonly forwardTo: string | undefined;
  readonly nextStep: () => Step;
  readonly delayMs: number;
  readonly received: (request: Received, answered: Answered) => void;
}

export interface Receiver {
  readonly url: string;
  stop(): Promise<void>;
}

/** What the sender is told when the request could not be handed on: it tries again. */
const BAD_GATEWAY = 502;
const FORWARD_LIMIT_MS = 30_000;

/** Receives on this machine alone. @throws when the port is taken */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const server = createServer((incoming, response) => {
    receive(options, incoming, response).catch(() => response.destroy());
  }).listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function receive(
  options: ReceiverOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = { at: new Date(), body: await buffer(incoming), headers: incoming.headers };
  const startedAt = performance.now();
  const status = await answer(options, request, response);
  options.received(request, { status, durationMs: performance.now() - startedAt });
}

async function answer(
  { forwardTo, nextStep, delayMs }: ReceiverOptions,
  request: Received,
  response: ServerResponse,
): Promise<number | string> {
  const step = nextStep();
  if (delayMs > 0) await pause(delayMs);
  if (step === 'timeout') {
    // The sender gives up by itself.
    await once(response, 'close');
    return step;
  }
  if (step === 'reset') {
    response.socket?.resetAndDestroy();
    return step;
  }
  if (forwardTo === undefined || step >= 300) {
    response.writeHead(step).end();
    return step;
  }
  try {
    const answered = await forward(forwardTo, request);
    response.writeHead(answered.status).end(answered.body);
    return answered.status;
  } catch (error) {
    response.writeHead(BAD_GATEWAY).end();
    return `not forwarded: ${reasonOf(error)}`;
  }
}

/** Headers of the connection, which the next one has for itself. */
const OF_THE_CONNECTION = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'expect',
];

/** Posts the same bytes with the same headers. */
export async function forward(
  url: string,
  { body, headers }: Pick<Received, 'body' | 'headers'>,
): Promise<{ status: number; body: string }> {
  const passed = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || OF_THE_CONNECTION.includes(name.toLowerCase())
      ? []
      : [[name, typeof value === 'string' ? value : value.join(', ')] as const],
  );
  const answer = await fetch(url, {
    method: 'POST',
    headers: Object.fromEntries(passed),
    body: new Uint8Array(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(FORWARD_LIMIT_MS),
  });
  return { status: answer.status, body: await answer.text() };
}

/** `fetch` says "fetch failed" of everything: its cause says more. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
