import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { UserError } from '../../lib/user-error.js';
import { boundCallers, type CallersOptions } from './callers.js';

/** The API where it can be reached. */
export interface Listening {
  readonly url: string;
  /** Takes no new requests; those in flight get their answers, and connections that ask nothing are ended. */
  close(): Promise<void>;
}

/** Longer than requests take, except those that wait for a lock or ask for very much. */
const PATIENCE_MS = 10_000;

/** Headers and body alike; a batch of 1.5 MiB at 50 KB a second. */
export const WHOLE_REQUEST_MS = 30_000;
const LOOK_EVERY_MS = 1_000;

/** @throws UserError when the port cannot be had */
export async function listen(
  api: Express,
  { host, port, ...callers }: { readonly host: string; readonly port: number } & CallersOptions,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: callers.requestMs,
      requestTimeout: callers.requestMs,
      connectionsCheckingInterval: LOOK_EVERY_MS,
    },
    api,
  );
  boundCallers(server, callers);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'EADDRINUSE'
        ? `Port ${port} on ${host} is in use: set PORT to another one.`
        : `The API cannot listen on ${host}:${port} (${message}): see HOST and PORT.`,
      { cause: error },
    );
  }
  const idle = whenIdle(server);
  return { url: urlOf(server, host), close: () => close(server, idle) };
}

/** Counts the requests in flight; gives a function that resolves when there are none. */
function whenIdle(server: Server): () => Promise<void> {
  let inFlight = 0;
  let tell: (() => void) | undefined;
  server.on('request', (_request, response) => {
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
      if (inFlight === 0) tell?.();
    });
  });
  return () =>
    new Promise((resolve) => {
      if (inFlight === 0) resolve();
      else tell = resolve;
    });
}

async function close(server: Server, idle: () => Promise<void>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that has never sent anything would keep the server open for ever.
  const patience = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  await idle();
  server.closeAllConnections();
  await closed;
  clearTimeout(patience);
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
