import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../src/delivery/address-guard.js';
import { ANSWER_BODY_BYTES } from '../../src/delivery/answer-reader.js';
import { createPost, Interrupted } from '../../src/delivery/post.js';
import { selfSigned } from '../support/self-signed.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Listens on loopback until the test's end; returns its port. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

async function httpServer(handler: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createHttpServer(handler))}/hook`;
}

/** A server that answers the first bytes of every connection as `handler` does. */
async function tcpServer(handler: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => socket.once('data', () => handler(socket)));
  return `http://127.0.0.1:${await listening(server)}/hook`;
}

function poster(allowed = ['127.0.0.0/8', '::1/128']) {
  const { post, close } = createPost(createAddressGuard(allowed));
  closing.push(close);
  return (url: string, more: { timeLimitMs?: number; interruption?: AbortSignal; body?: Buffer } = {}) =>
    post({
      url,
      headers: { 'Content-Type': 'application/json', 'X-One': '1' },
      body: Buffer.from('{"a":"Zoë"}'),
      confidential: [],
      timeLimitMs: 3_000,
      ...more,
    });
}

describe('a POST', () => {
  it('sends the bytes and headers as they are, and gives the answer', async () => {
    let seen: unknown;
    const url = await httpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { 'content-type': type, 'content-length': length, 'x-one': one } = request.headers;
        seen = { method: request.method, url: request.url, type, length, one, body: Buffer.concat(chunks) };
        response.writeHead(201).end('thanks ☃');
      });
    });
    expect(await poster()(url)).toEqual({
      kind: 'answered',
      statusCode: 201,
      body: 'thanks ☃',
      durationMs: expect.any(Number) as number,
    });
    expect(seen).toEqual({
      method: 'POST',
      url: '/hook',
      type: 'application/json',
      length: '12',
      one: '1',
      body: Buffer.from('{"a":"Zoë"}'),
    });
  });

  it('does not follow a redirect', async () => {
    let requests = 0;
    const url = await httpServer((_request, response) => {
      requests += 1;
      response.writeHead(307, { Location: '/elsewhere' }).end();
    });
    expect(await poster()(url)).toMatchObject({ kind: 'answered', statusCode: 307 });
    expect(requests).toBe(1);
  });

  it('says how long the receiver asks to be left alone', async () => {
    const url = await httpServer((_request, response) =>
      response.writeHead(503, { 'Retry-After': '120' }).end(),
    );
    expect(await poster()(url)).toMatchObject({ statusCode: 503, retryAfterMs: 120_000 });
  });

  it('ignores a Retry-After that is none', async () => {
    const url = await httpServer((_request, response) =>
      response.writeHead(503, { 'Retry-After': 'x' }).end(),
    );
    expect(await poster()(url)).not.toHaveProperty('retryAfterMs');
  });

  it('passes over interim answers', async () => {
    const url = await tcpServer((socket) =>
      socket.end(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n',
      ),
    );
    expect(await poster()(url)).toMatchObject({ kind: 'answered', statusCode: 204 });
  });
});

describe("an answer's body", () => {
  it('is read up to 20 KB, however long it is', async () => {
    const url = await httpServer((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const answer = await poster()(url);
    expect(answer).toMatchObject({ kind: 'answered', statusCode: 200, body: 'x'.repeat(ANSWER_BODY_BYTES) });
    expect(answer.durationMs).toBeLessThan(2_000);
  });

  it('that comes a byte a second is cut at the time limit: the headers had decided', async () => {
    const url = await httpServer((_request, response) => {
      response.writeHead(200).write('a');
      const timer = setInterval(() => response.write('b'), 1_000);
      response.on('close', () => clearInterval(timer));
    });
    const answer = await poster()(url, { timeLimitMs: 1_500 });
    expect(answer).toMatchObject({ kind: 'answered', statusCode: 200, body: 'ab' });
    expect(answer.durationMs).toBeGreaterThanOrEqual(1_490);
    expect(answer.durationMs).toBeLessThan(2_500);
  });

  it('that breaks off ends where it broke off', async () => {
    const url = await tcpServer((socket) => {
      socket.write('HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nhalf');
      setTimeout(() => socket.destroy(), 50);
    });
    expect(await poster()(url)).toMatchObject({ kind: 'answered', statusCode: 500, body: 'half' });
  });

  it('becomes text that PostgreSQL can hold: invalid UTF-8 and NUL are replaced', async () => {
    const url = await httpServer((_request, response) =>
      response.writeHead(200).end(Buffer.from([0x61, 0x00, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x62])),
    );
    const answer = await poster()(url);
    const body = answer.kind === 'answered' ? answer.body : '';
    expect(body).toMatch(/^a\uFFFD+\(\uFFFD+b$/);
    expect(body).not.toContain('\0');
    expect(Buffer.from(body).toString()).toBe(body);
  });

  it('cut in the middle of a character is still text', async () => {
    const url = await httpServer((_request, response) =>
      response.writeHead(200).end(`a${'☃'.repeat(ANSWER_BODY_BYTES)}`),
    );
    const answer = await poster()(url);
    const body = answer.kind === 'answered' ? answer.body : '';
    expect(body.startsWith('a☃☃☃')).toBe(true);
    expect(body).toMatch(/^a☃+\uFFFD?$/);
  });
});

describe('no answer', () => {
  it('within the time limit is a timeout', async () => {
    const url = await httpServer(() => undefined);
    const answer = await poster()(url, { timeLimitMs: 300 });
    expect(answer).toMatchObject({ kind: 'unanswered', code: 'timeout', text: 'no answer within 0.3 s' });
    expect(answer.durationMs).toBeGreaterThanOrEqual(295);
    expect(answer.durationMs).toBeLessThan(1_300);
  });

  it('of which interim ones drip in, is a timeout too', async () => {
    const url = await tcpServer((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await poster()(url, { timeLimitMs: 300 })).toMatchObject({ code: 'timeout' });
  });

  it('because nobody listens', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    server.close();
    await once(server, 'close');
    closing.pop();
    expect(await poster()(`http://127.0.0.1:${port}/`)).toMatchObject({ code: 'connection_refused' });
  });

  it.each([
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['is closed', (socket: Socket) => socket.end()],
    ['breaks off in the status line', (socket: Socket) => socket.end('HTTP/1.1 200 O')],
  ])('because the connection %s', async (_what, handler) => {
    const url = await tcpServer(handler);
    expect(await poster()(url)).toMatchObject({ kind: 'unanswered', code: 'connection_lost' });
  });

  it.each(['SSH-2.0-OpenSSH_9.6\r\n', 'HTTP/1.1 abc OK\r\n\r\n'])('that is HTTP: %#', async (bytes) => {
    const url = await tcpServer((socket) => socket.write(bytes));
    expect(await poster()(url)).toMatchObject({ kind: 'unanswered', code: 'invalid_answer' });
  });

  it('because nobody trusts the certificate', async () => {
    const port = await listening(createHttpsServer(selfSigned, (_request, response) => response.end()));
    expect(await poster()(`https://127.0.0.1:${port}/`)).toMatchObject({ code: 'tls' });
  });

  it('because the receiver does not speak TLS', async () => {
    const url = await httpServer((_request, response) => response.end());
    expect(await poster()(url.replace('http:', 'https:'))).toMatchObject({ code: 'tls' });
  });

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost', '2130706433'])(
    'because %s is an address that nobody allowed: nothing is connected to',
    async (host) => {
      let connections = 0;
      const server = createHttpServer((_request, response) => response.end());
      server.on('connection', () => (connections += 1));
      const port = await listening(server);
      const answer = await poster([])(`http://${host}:${port}/`);
      expect(answer).toMatchObject({ kind: 'unanswered', code: 'address_refused' });
      expect(answer).toHaveProperty('text', expect.stringMatching(/public address/));
      expect(connections).toBe(0);
    },
  );

  it('does not come to a POST that is interrupted: it is neither answered nor unanswered', async () => {
    const interruption = new AbortController();
    const url = await httpServer(() => interruption.abort());
    const sent = poster()(url, { interruption: interruption.signal });
    await expect(sent).rejects.toThrow(Interrupted);
    const never = poster()(url, { interruption: AbortSignal.abort() });
    await expect(never).rejects.toThrow(Interrupted);
  });
});

describe('a name that is allowed', () => {
  it.each(['localhost', 'localhost.', 'app.localhost', 'a.b.localhost.'])(
    'is connected to: %s',
    async (name) => {
      const url = await httpServer((_request, response) => response.writeHead(204).end());
      expect(await poster()(url.replace('127.0.0.1', name))).toMatchObject({ statusCode: 204 });
    },
  );
});
