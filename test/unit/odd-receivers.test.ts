import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../src/delivery/address-guard.js';
import { createPost } from '../../src/delivery/post.js';
import { drip, forEver, OK, startRawReceiver, type RawReply } from '../support/hostile.js';

/** Receivers that answer as few do: what HTTP allows is understood, and what it does not is no reason to send again. */

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(reply: RawReply, confidential: readonly string[] = []) {
  const receiver = await startRawReceiver(reply);
  const { post, close } = createPost(createAddressGuard(['127.0.0.0/8']));
  closing.push(() => receiver.stop(), close);
  const send = (timeLimitMs = 20_000) =>
    post({ url: receiver.url, headers: {}, body: Buffer.from('{}'), confidential, timeLimitMs });
  return { receiver, send };
}

const answering = (bytes: string | Buffer) => setUp((socket) => socket.write(bytes));
const closingAfter = (bytes: string) => setUp((socket) => socket.end(bytes));
const ok = (body = 'ok') => ({
  kind: 'answered',
  statusCode: 200,
  body,
  durationMs: expect.any(Number) as number,
});

describe('an interim answer', () => {
  it.each([
    ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['100 twice', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'],
    ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103 with headers', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 7\r\n\r\n'],
    ['an unknown one', 'HTTP/1.1 199\r\nX: y\r\n\r\n'],
    ['of several kinds', 'HTTP/1.1 100 \r\n\r\nHTTP/1.1 102 x\r\n\r\nHTTP/1.1 103 y\r\n\r\n'],
  ])('%s is passed over, and the connection is used again', async (_what, interim) => {
    const { receiver, send } = await answering(interim + OK);
    expect(await send()).toEqual(ok());
    expect(await send()).toEqual(ok());
    expect([receiver.connections, receiver.requests]).toEqual([1, 2]);
  });

  it('that switches protocols unasked fails the attempt', async () => {
    const { send } = await answering(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(await send()).toMatchObject({
      kind: 'unanswered',
      code: 'invalid_answer',
      text: 'it switches protocols, which nobody asked for',
    });
  });
});

describe('an answer that has no content', () => {
  it.each(
    ['204 No Content', '304 Not Modified'].flatMap((status) =>
      ['Content-Length: 5', 'Transfer-Encoding: chunked', 'X: y'].map((field) => [status, field] as const),
    ),
  )('%s, with %s, ends with its headers', async (status, field) => {
    const { receiver, send } = await answering(`HTTP/1.1 ${status}\r\n${field}\r\n\r\n`);
    const answer = await send();
    expect(answer).toMatchObject({ kind: 'answered', statusCode: Number(status.slice(0, 3)), body: '' });
    // Far from the 5 s in which a body is waited for.
    expect(answer.durationMs).toBeLessThan(2_500);
    await send();
    // A body may yet follow what announces one.
    expect(receiver.connections).toBe(field === 'X: y' ? 1 : 2);
  });

  it('is not confused by a body that it sends nevertheless', async () => {
    const { receiver, send } = await setUp((socket, request) => {
      if (request === 1) socket.write('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nHTTP/');
      else socket.write(OK);
    });
    expect(await send()).toMatchObject({ statusCode: 204, body: '' });
    expect(await send()).toEqual(ok());
    expect(receiver.connections).toBe(2);
  });
});

describe('the rest of an answer', () => {
  it.each(['200 OK', '500 No'])('is waited for for 5 s, once its status is known: %s', async (status) => {
    const { send } = await setUp((socket) => {
      socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 1000\r\n\r\n`);
      drip(socket, 'x', 500);
    });
    const answer = await send();
    expect(answer).toMatchObject({ kind: 'answered', statusCode: Number(status.slice(0, 3)) });
    expect(answer).toHaveProperty('body', expect.stringMatching(/^x+$/));
    expect(answer.durationMs).toBeGreaterThanOrEqual(4_990);
    expect(answer.durationMs).toBeLessThan(9_000);
  });

  it('is waited for for 5 s when it is its headers, too', async () => {
    const { send } = await setUp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(socket, 'X: y\r\n', 500);
    });
    const answer = await send();
    expect(answer).toEqual(ok(''));
    expect(answer.durationMs).toBeGreaterThanOrEqual(4_990);
    expect(answer.durationMs).toBeLessThan(9_000);
  });
});

describe('an answer whose status was read is not asked for again, whatever follows:', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\n';

  it.each([
    ['two equal lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, 'ok'],
    ['two equal lengths in one field', `${HEAD}Content-Length: 2, 2\r\n\r\nok`, 'ok'],
    ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`, ''],
    ['a length that is none', `${HEAD}Content-Length: x\r\n\r\nok`, ''],
    ['a negative length', `${HEAD}Content-Length: -2\r\n\r\nok`, ''],
    [
      'a length with chunks',
      `${HEAD}Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
      'ok',
    ],
    ['line feeds alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 'ok'],
    ['line feeds alone, and chunks', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n', 'ok'],
    ['a header without a colon', `${HEAD}Bad Header\r\nContent-Length: 2\r\n\r\nok`, 'ok'],
    ['a header without a name', `${HEAD}: x\r\nContent-Length: 2\r\n\r\nok`, 'ok'],
    ['a space before a colon', `${HEAD}Content-Length : 2\r\n\r\nok`, 'ok'],
    ['a header that goes on in the next line', `${HEAD}X: a\r\n b\r\nContent-Length: 2\r\n\r\nok`, 'ok'],
    ['a line before its headers that goes on', `${HEAD} b\r\nContent-Length: 2\r\n\r\nok`, 'ok'],
    ['bytes that are no text', `${HEAD}X: \u0000\u00ff\r\nContent-Length: 2\r\n\r\nok`, 'ok'],
    ['headers over the limit', `${HEAD}X: ${'x'.repeat(100_000)}\r\n\r\nok`, ''],
    [
      'chunks without a size',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nnonsense\r\n0\r\n\r\n`,
      'ok',
    ],
    ['chunks with an empty size', `${HEAD}Transfer-Encoding: chunked\r\n\r\n\r\nok\r\n0\r\n\r\n`, ''],
    ['chunks longer than they say', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n`, 'o'],
    [
      'trailers over the limit',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: ${'x'.repeat(20_000)}`,
      'ok',
    ],
    ['a chunk of a size beyond all', `${HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nok`, null],
  ])('%s', async (_what, bytes, body) => {
    const { receiver, send } = await answering(bytes);
    const answer = await send(body === null ? 300 : 20_000);
    expect(answer).toEqual(ok(body ?? 'ok'));
    expect(answer).not.toHaveProperty('possiblyRepeated');
    // Without waiting for more than has come, and not over the same connection again.
    expect(answer.durationMs).toBeLessThan(2_500);
    expect(receiver.requests).toBe(1);
    await send(300);
    expect(receiver.connections).toBe(2);
  });

  it.each([
    ['within its headers', `${HEAD}X-A`, ''],
    ['after its headers', `${HEAD}Content-Length: 5\r\n\r\n`, ''],
    ['within its body', `${HEAD}Content-Length: 5\r\n\r\nhal`, 'hal'],
    ['within a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhal`, 'hal'],
  ])('it breaks off %s', async (_what, bytes, body) => {
    const endings: ((socket: Socket) => void)[] = [
      (socket) => socket.end(bytes),
      // The bytes first: a reset may overtake them.
      (socket) => socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), 50)),
    ];
    for (const end of endings) {
      const { receiver, send } = await setUp(end);
      expect(await send()).toEqual(ok(body));
      expect(receiver.requests).toBe(1);
    }
  });

  it.each([
    ['500', `HTTP/1.1 500 No\r\nContent-Length: x\r\n\r\nno`],
    ['302', `HTTP/1.1 302 Found\r\nX: ${'x'.repeat(100_000)}`],
    ['410', `HTTP/1.1 410 Gone\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nno`],
  ])('nor is one that is no success: %s', async (status, bytes) => {
    const { send } = await answering(bytes);
    expect(await send()).toMatchObject({ kind: 'answered', statusCode: Number(status), body: '' });
  });
});

describe('what is legal, but odd, is understood:', () => {
  it.each([
    ['HTTP/1.0, until it is closed', 'HTTP/1.0 200 OK\r\n\r\nok'],
    ['HTTP/1.1, until it is closed', 'HTTP/1.1 200 OK\r\n\r\nok'],
    ['a coding that is not chunked, until it is closed', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\nok'],
    ['no reason', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok'],
    ['not even the space before it', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'],
    ['a reason of any bytes', 'HTTP/1.1 200 \u00e4\u0001 ok!\r\nContent-Length: 2\r\n\r\nok'],
    ['an empty line before it', '\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['another version', 'HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['names in any case', 'HTTP/1.1 200 OK\r\ncONTENT-lENGTH: 2\r\n\r\nok'],
    ['no space after a colon', 'HTTP/1.1 200 OK\r\nContent-Length:2\r\n\r\nok'],
    [
      'keeping open what it closes',
      'HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 2\r\n\r\nok',
    ],
    [
      'chunks with extensions and trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0001 ; a="b"\r\no\r\n1\r\nk\r\n0\r\nX: y\r\n\r\n',
    ],
  ])('%s', async (_what, bytes) => {
    const { receiver, send } = await closingAfter(bytes);
    expect(await send()).toEqual(ok());
    expect(receiver.requests).toBe(1);
  });

  it('HTTP/1.0 that keeps its connection', async () => {
    const { receiver, send } = await answering(
      'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok',
    );
    for (let n = 0; n < 3; n += 1) expect(await send()).toEqual(ok());
    expect(receiver.connections).toBe(1);
  });

  it('an answer that comes a byte at a time', async () => {
    const { send } = await setUp((socket) => {
      socket.setNoDelay(true);
      let at = 0;
      const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';
      const timer = setInterval(() => {
        socket.write(bytes.charAt((at += 1) - 1));
        if (at === bytes.length) clearInterval(timer);
      }, 1);
    });
    expect(await send()).toEqual(ok());
  });
});

describe('what is no answer over HTTP is an invalid one, and told at once:', () => {
  it.each([
    ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n', 'it is not HTTP, but begins with SSH-2.0-OpenSSH_9.6'],
    ['mail', '220 mail.test ESMTP\r\n', 'it is not HTTP, but begins with 220 mail.test ESMTP'],
    [
      'HTTP/2',
      Buffer.from('00001804000000000000', 'hex'),
      'it is not HTTP, but begins with the bytes 0000180400000000',
    ],
    ['TLS', Buffer.from('15030300020246', 'hex'), 'it is not HTTP, but begins with the bytes 15030300020246'],
    ['HTML', '<html>', 'it is not HTTP, but begins with <html>'],
    ['a status that is none', 'HTTP/1.1 abc OK\r\n\r\n', 'its first line is no status line: HTTP/1.1 abc OK'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'its first line is no status line: HTTP/1.1 20 OK'],
    ['a status below all', 'HTTP/1.1 099 x\r\n\r\n', 'its first line is no status line: HTTP/1.1 099 x'],
    [
      'a status line without an end',
      `HTTP/1.1 200 ${'x'.repeat(20_000)}`,
      'its headers have more than 16 KB',
    ],
    [
      'an interim answer, then none',
      'HTTP/1.1 100 Continue\r\n\r\nSSH-2',
      'it is not HTTP, but begins with SSH-2',
    ],
  ])('%s', async (_what, bytes, text) => {
    const { receiver, send } = await answering(bytes);
    const answer = await send();
    expect(answer).toMatchObject({ kind: 'unanswered', code: 'invalid_answer', text });
    expect(answer.durationMs).toBeLessThan(2_500);
    await receiver.untilOpen(0);
  });

  it('empty lines without an end', async () => {
    const { send } = await setUp((socket) => forEver(socket, '\r\n'.repeat(100)));
    expect(await send()).toMatchObject({ kind: 'unanswered', code: 'invalid_answer' });
  });

  it('not a status line that is cut off', async () => {
    const { send } = await closingAfter('HTTP/1.1 200 O');
    expect(await send()).toMatchObject({
      kind: 'unanswered',
      code: 'connection_lost',
      text: 'the receiver closed the connection in the middle of the status line',
    });
  });
});

describe('bytes that nobody asked for', () => {
  it('are not taken for the next answer', async () => {
    const { receiver, send } = await setUp((socket, request) => {
      socket.write(request === 1 ? `${OK}HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n` : OK);
    });
    expect(await send()).toEqual(ok());
    expect(await send()).toEqual(ok());
    expect(receiver.connections).toBe(2);
  });

  it('that end a connection which waits, before the next POST, cost nothing', async () => {
    const { receiver, send } = await setUp((socket) => {
      socket.write(OK);
      socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    });
    expect(await send()).toEqual(ok());
    expect(await send()).toEqual(ok());
    expect(receiver.requests).toBe(2);
  });

  it('that cross the next POST are no answer to it: 408 over a connection that has waited', async () => {
    const { receiver, send } = await setUp((socket, _request, onThisConnection) => {
      if (onThisConnection === 1) socket.write(OK);
      else socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
    expect(await send()).toEqual(ok());
    expect(await send()).toEqual({ ...ok(), possiblyRepeated: true });
    expect([receiver.connections, receiver.requests]).toEqual([2, 3]);
  });

  it('408 to a first POST is an answer', async () => {
    const { send } = await closingAfter('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    expect(await send()).toMatchObject({ kind: 'answered', statusCode: 408 });
  });
});

describe('an encoded answer', () => {
  const text = `{"error":"no","tried":"s3cr3t-value"} ${'and so on '.repeat(200)}`;
  const shown = text.replace('s3cr3t-value', '[redacted]');
  const encoded = (coding: string, bytes: Buffer) =>
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 500 No\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
      ),
      bytes,
    ]);
  const answeredWith = async (bytes: Buffer) => {
    const { send } = await setUp((socket) => socket.write(bytes), ['s3cr3t-value']);
    const answer = await send();
    return answer.kind === 'answered' ? answer.body : null;
  };

  it.each([
    ['gzip', gzipSync(text)],
    ['X-Gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ])('is shown decoded, without what is confidential: %s', async (coding, bytes) =>
    expect(await answeredWith(encoded(coding, bytes))).toBe(shown),
  );

  it('is shown as far as it came', async () => {
    const half = gzipSync(text).subarray(0, 60);
    const { send } = await setUp((socket) => socket.end(encoded('gzip', half)));
    expect(await send()).toHaveProperty('body', expect.stringMatching(/^\{"error":"no"/));
  });

  it.each([
    ['zstd', Buffer.from('28b52ffd', 'hex')],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['gzip', Buffer.from('no gzip')],
  ])('that cannot be read is not shown: %s', async (coding, bytes) =>
    expect(await answeredWith(encoded(coding, bytes))).toBe(`[not readable: encoded as ${coding}]`),
  );

  it('shows nothing confidential in the name of its coding', async () =>
    expect(await answeredWith(encoded('s3cr3t-value', Buffer.from('x')))).toBe(
      '[not readable: encoded as [redacted]]',
    ));
});
