import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../src/delivery/address-guard.js';
import { createPost } from '../../src/delivery/post.js';
import { OK, startRawReceiver, type RawReply } from '../support/hostile.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(reply: RawReply) {
  const receiver = await startRawReceiver(reply);
  const { post, close } = createPost(createAddressGuard(['127.0.0.0/8']));
  closing.push(() => receiver.stop(), close);
  const send = (timeLimitMs = 3_000) =>
    post({ url: receiver.url, headers: {}, body: Buffer.from('{}'), confidential: [], timeLimitMs });
  return { receiver, send };
}

const ok = { kind: 'answered', statusCode: 200, body: 'ok', durationMs: expect.any(Number) as number };

/** Answers the first request on every connection, and ends the connection at the second one. */
const onceThen =
  (end: (socket: Socket) => unknown): RawReply =>
  (socket, _request, onThisConnection) => {
    if (onThisConnection === 1) socket.write(OK);
    else end(socket);
  };

describe('a connection that its receiver keeps open', () => {
  it('carries one POST after the other', async () => {
    const { receiver, send } = await setUp((socket) => socket.write(OK));
    for (let n = 0; n < 5; n += 1) expect(await send()).toEqual(ok);
    expect([receiver.connections, receiver.requests]).toEqual([1, 5]);
  });

  it.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', (socket: Socket) => socket.end()],
  ])(
    'and that is %s when the next POST comes costs nothing: that is repeated on a new one',
    async (_how, end) => {
      const { receiver, send } = await setUp(onceThen(end));
      expect(await send()).toEqual(ok);
      expect(await send()).toEqual({ ...ok, possiblyRepeated: true });
      expect([receiver.connections, receiver.requests]).toEqual([2, 3]);
    },
  );

  it('is one of many that are all closed: each POST is repeated once', async () => {
    const { receiver, send } = await setUp((socket, request, onThisConnection) => {
      // The first twenty are answered together, so that each has a connection of its own.
      if (request <= 20) held.push(socket);
      if (request === 20) for (const each of held) each.write(OK);
      if (request > 20 && onThisConnection === 1) socket.write(OK);
      else if (request > 20) socket.resetAndDestroy();
    });
    const held: Socket[] = [];
    const twenty = () => Promise.all(Array.from({ length: 20 }, () => send()));
    expect(await twenty()).toEqual(Array.from({ length: 20 }, () => ok));
    expect(receiver.connections).toBe(20);
    expect(await twenty()).toEqual(Array.from({ length: 20 }, () => ({ ...ok, possiblyRepeated: true })));
    expect([receiver.connections, receiver.requests]).toEqual([40, 60]);
  });

  it('and that breaks off after the first byte of an answer has lost the POST: that is not repeated', async () => {
    const { receiver, send } = await setUp(onceThen((socket) => socket.end('H')));
    expect(await send()).toEqual(ok);
    const lost = await send();
    expect(lost).toMatchObject({ kind: 'unanswered', code: 'connection_lost' });
    expect(lost).not.toHaveProperty('possiblyRepeated');
    expect(receiver.requests).toBe(2);
  });

  it('and that says nothing more is waited for until the time limit: the POST is not repeated', async () => {
    const { receiver, send } = await setUp(onceThen(() => undefined));
    expect(await send()).toEqual(ok);
    expect(await send(300)).toMatchObject({ kind: 'unanswered', code: 'timeout' });
    expect(receiver.requests).toBe(2);
  });
});

describe('a POST that is repeated', () => {
  it('is repeated once: what then happens is what happened', async () => {
    const { receiver, send } = await setUp((socket, request) => {
      if (request === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    expect(await send()).toEqual(ok);
    expect(await send()).toMatchObject({
      kind: 'unanswered',
      code: 'connection_lost',
      possiblyRepeated: true,
    });
    expect([receiver.connections, receiver.requests]).toEqual([2, 3]);
  });

  it('has no more time for that', async () => {
    const { send } = await setUp((socket, request) => {
      if (request === 1) socket.write(OK);
      // Half of the time passes before the connection turns out to be closed.
      else if (request === 2) setTimeout(() => socket.resetAndDestroy(), 1_000);
    });
    expect(await send()).toEqual(ok);
    const answer = await send(2_000);
    expect(answer).toMatchObject({ kind: 'unanswered', code: 'timeout', possiblyRepeated: true });
    expect(answer.durationMs).toBeGreaterThanOrEqual(1_990);
    // With a time limit of its own the second would have ended after three seconds.
    expect(answer.durationMs).toBeLessThan(2_900);
  });
});

it('a connection that is closed over a POST, and not before it, is no reason to repeat that', async () => {
  const { receiver, send } = await setUp((socket, request) => {
    if (request === 1) socket.write(OK);
    // As a receiver does whose worker is ended while it works.
    else setTimeout(() => socket.resetAndDestroy(), 2_500);
  });
  expect(await send()).toEqual(ok);
  expect(await send(10_000)).toMatchObject({ kind: 'unanswered', code: 'connection_lost' });
  expect([receiver.connections, receiver.requests]).toEqual([1, 2]);
});

it('a new connection that fails is not tried again: one POST, one failure', async () => {
  for (const end of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
    const { receiver, send } = await setUp(end);
    const lost = await send();
    expect(lost).toMatchObject({ kind: 'unanswered', code: 'connection_lost' });
    expect(lost).not.toHaveProperty('possiblyRepeated');
    expect([receiver.connections, receiver.requests]).toEqual([1, 1]);
  }
});

it('receivers without number keep nothing open but what may wait', async () => {
  const receiver = await startRawReceiver((socket) =>
    socket.write(OK.replace('\r\n\r\n', '\r\nKeep-Alive: timeout=600\r\n\r\n')),
  );
  const everywhere = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
  const { post, close } = createPost(createAddressGuard(['127.0.0.1/32'], everywhere));
  closing.push(() => receiver.stop(), close);
  for (let n = 0; n < 1_100; n += 1) {
    const url = receiver.url.replace('127.0.0.1', `tenant-${n}.test`);
    await post({ url, headers: {}, body: Buffer.from('{}'), confidential: [], timeLimitMs: 3_000 });
  }
  expect(receiver.connections).toBe(1_100);
  await receiver.untilOpen(1_000);
  expect(receiver.open).toBe(1_000);
  await close();
  await receiver.untilOpen(0);
});
