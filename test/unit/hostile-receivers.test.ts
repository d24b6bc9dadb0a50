import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../src/delivery/address-guard.js';
import { ANSWER_BODY_BYTES } from '../../src/delivery/answer-reader.js';
import { createPost } from '../../src/delivery/post.js';
import type { Resolve } from '../../src/delivery/resolve.js';
import { drip, gzipBomb, HOSTILE, startRawReceiver, type RawReply } from '../support/hostile.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function receiver(reply: RawReply) {
  const started = await startRawReceiver(reply);
  closing.push(() => started.stop());
  return started;
}

async function serving(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function poster(resolve?: Resolve) {
  const { post, close } = createPost(createAddressGuard(['127.0.0.0/8'], resolve));
  closing.push(close);
  const send = (url: string, timeLimitMs = 3_000) =>
    post({ url, headers: {}, body: Buffer.from('{}'), confidential: [], timeLimitMs });
  return { send, close };
}

describe('a receiver', () => {
  it('whose headers come a byte at a time is listened to until the time limit: its status has decided', async () => {
    const { url, untilOpen } = await receiver(HOSTILE['sends headers a byte at a time']);
    const answer = await poster().send(url, 500);
    expect(answer).toMatchObject({ kind: 'answered', statusCode: 200, body: '' });
    await untilOpen(0);
    expect(answer.durationMs).toBeGreaterThanOrEqual(495);
    expect(answer.durationMs).toBeLessThan(1_500);
  });

  it.each([
    ['sends headers for ever', { kind: 'answered', statusCode: 200, body: '' }],
    ['sends a header’s value for ever', { kind: 'answered', statusCode: 200, body: '' }],
    ['sends interim answers for ever', { kind: 'unanswered', code: 'invalid_answer' }],
  ] as const)('that %s is not listened to until the time limit', async (kind, wanted) => {
    const { url, untilOpen } = await receiver(HOSTILE[kind]);
    const answer = await poster().send(url, 20_000);
    expect(answer).toMatchObject(wanted);
    expect(answer.durationMs).toBeLessThan(4_000);
    await untilOpen(0);
  });

  it('whose interim answers come slowly is given up on at the time limit', async () => {
    const { url } = await receiver((socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 100));
    expect(await poster().send(url, 500)).toMatchObject({ kind: 'unanswered', code: 'timeout' });
  });

  it('that puts anything but a body between the chunks of its body has answered, and is listened to no more', async () => {
    const { url, untilOpen } = await receiver(HOSTILE['sends chunk extensions for ever']);
    const answer = await poster().send(url, 20_000);
    expect(answer).toMatchObject({ kind: 'answered', statusCode: 200, body: '' });
    expect(answer.durationMs).toBeLessThan(5_000);
    await untilOpen(0);
  });

  it('that answers in much less than may be said is heard for ever', async () => {
    const body = 'x'.repeat(20_000);
    const { send } = poster();
    const target = await receiver((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    );
    // On one connection, and together more than one answer may have.
    for (let n = 0; n < 20; n += 1) expect(await send(target.url)).toMatchObject({ kind: 'answered', body });
    expect(target.connections).toBe(1);
  });

  it('that sends what would be 10 GB when decompressed is decompressed as far as it is kept', async () => {
    const bomb = gzipBomb();
    const server = createHttpServer((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': bomb.length }).end(bomb);
    });
    const url = await serving(server);
    const answer = await poster().send(url);
    expect(answer).toMatchObject({ kind: 'answered', body: '\uFFFD'.repeat(ANSWER_BODY_BYTES) });
  });

  it('whose name nobody resolves in time is given up on at the time limit', async () => {
    let asked = 0;
    const never: Resolve = () => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const answer = await poster(never).send('https://slow.test/', 300);
    expect(answer).toMatchObject({ kind: 'unanswered', code: 'timeout' });
    expect(answer.durationMs).toBeLessThan(1_300);
    expect(asked).toBe(1);
  });

  it('that never finishes its TLS handshake is let go of at the time limit', async () => {
    const { url, untilOpen } = await receiver(() => undefined);
    const answer = await poster().send(url.replace('http:', 'https:'), 300);
    expect(answer).toMatchObject({ kind: 'unanswered', code: 'timeout' });
    await untilOpen(0);
  });
});

describe('the text of a failure', () => {
  it('is one short line without the secrets that it repeats', async () => {
    const names = 'DNS:a.test, '.repeat(1_000);
    const says: Resolve = () =>
      Promise.reject(Object.assign(new Error(`no\r\n"Bearer abcdefgh" ${names}`), { code: 'ENOTFOUND' }));
    const { post, close } = createPost(createAddressGuard([], says));
    closing.push(close);
    const confidential = ['Bearer abcdefgh'];
    const request = { url: 'https://a.test/', headers: {}, body: Buffer.from('{}'), timeLimitMs: 3_000 };
    const answer = await post({ ...request, confidential });
    expect(answer).toMatchObject({ kind: 'unanswered', code: 'dns' });
    const text = answer.kind === 'unanswered' ? answer.text : '';
    expect(text).toMatch(/^no��"\[redacted\]" DNS:a.test, .*…$/);
    expect(text).toHaveLength(300);
  });
});

describe('after 200 POSTs, every connection is closed of a receiver that', () => {
  it.each(Object.entries<RawReply>(HOSTILE))('%s', async (_kind, reply) => {
    const target = await receiver(reply);
    const { send } = poster();
    for (let group = 0; group < 4; group += 1) {
      await Promise.all(Array.from({ length: 50 }, () => send(target.url, 150)));
    }
    await target.untilOpen(0);
    expect(target.connections).toBeGreaterThanOrEqual(200);
  });
});
