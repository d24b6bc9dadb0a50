import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { stopAfterwards } from './stop-afterwards.js';

/** A receiver of bytes, below HTTP: what it does with a connection is up to it. */
export interface RawReceiver {
  readonly url: string;
  /** Connections that have been made to it. */
  readonly connections: number;
  /** Those that are open. */
  readonly open: number;
  /** Requests whose end has come in. */
  readonly requests: number;
  /** Resolves as soon as no more than so many connections are open. */
  readonly untilOpen: (atMost: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** What it does with a whole request: which of the receiver's, and which on this connection, both from 1. */
export type RawReply = (socket: Socket, request: number, onThisConnection: number) => void;

/** The end of every request that tests send: a JSON object. */
const END = '}';

export async function startRawReceiver(reply: RawReply): Promise<RawReceiver> {
  const sockets = new Set<Socket>();
  const waiting: { atMost: number; resolve: () => void }[] = [];
  let connections = 0;
  let requests = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let onThisConnection = 0;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      for (const { atMost, resolve } of waiting) if (sockets.size <= atMost) resolve();
    });
    socket.on('data', (data: Buffer) => {
      if (data.toString('latin1').endsWith(END)) reply(socket, (requests += 1), (onThisConnection += 1));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    get requests() {
      return requests;
    },
    async untilOpen(atMost) {
      if (sockets.size <= atMost) return;
      await new Promise<void>((resolve) => waiting.push({ atMost, resolve }));
    },
    stop: stopAfterwards(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    }),
  };
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Writes the same bytes until the connection is closed. */
export function forEver(socket: Socket, bytes: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
}

/** Writes a few bytes now and then until the connection is closed. */
export function drip(socket: Socket, bytes: string, everyMs: number): void {
  const timer = setInterval(() => socket.write(bytes), everyMs);
  socket.on('close', () => clearInterval(timer));
}

/** 10 GB of zeros, a thousand members of 10 MB each, as gzip has it: 10 MB. */
export function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(10_000_000));
  return Buffer.concat(Array.from({ length: 1_000 }, () => member));
}

const HEAD = 'HTTP/1.1 200 OK\r\n';
const KILOBYTE = 'x'.repeat(1_024);

/** What receivers may do to those who send to them. */
export const HOSTILE = {
  'hangs up': (socket) => socket.end(),
  'resets the connection': (socket) => socket.resetAndDestroy(),
  'never answers': () => undefined,
  'speaks another protocol': (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
  'breaks off in its headers': (socket) => socket.end(`${HEAD}X-A`),
  'breaks off in its body': (socket) => socket.end(`${HEAD}Content-Length: 100\r\n\r\nhalf`),
  'sends a body for ever': (socket) => {
    socket.write(`${HEAD}Content-Length: 10737418240\r\n\r\n`);
    forEver(socket, KILOBYTE.repeat(64));
  },
  'sends a body a byte at a time': (socket) => {
    socket.write(`${HEAD}Content-Length: 1000\r\n\r\n`);
    drip(socket, 'x', 20);
  },
  'sends headers for ever': (socket) => {
    socket.write(HEAD);
    forEver(socket, `X-A: ${KILOBYTE}\r\n`);
  },
  'sends a header’s value for ever': (socket) => {
    socket.write(`${HEAD}X-A: `);
    forEver(socket, KILOBYTE);
  },
  'sends headers a byte at a time': (socket) => {
    socket.write(`${HEAD}X-A: `);
    drip(socket, 'x', 20);
  },
  'sends interim answers for ever': (socket) => forEver(socket, 'HTTP/1.1 102 Processing\r\n\r\n'),
  'sends chunk extensions for ever': (socket) => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n1;a=`);
    forEver(socket, KILOBYTE);
  },
  'sends trailers for ever': (socket) => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n`);
    forEver(socket, `X-A: ${KILOBYTE}\r\n`);
  },
  'sends more than it said': (socket) => socket.write(`${OK}${OK}${OK}`),
  'switches protocols': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'),
} satisfies Readonly<Record<string, RawReply>>;
