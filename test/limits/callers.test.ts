import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { stopAfterwards } from '../support/stop-afterwards.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const WHOLE_REQUEST_MS = 2_000;
/** Far shorter: a connection that is closed was not idle. */
const DRIP_MS = 100;

const posthorn = sharedPosthorn({ wholeRequestMs: WHOLE_REQUEST_MS });
let key: string;
let path: string;
beforeAll(async () => {
  const { app, key: own } = await posthorn.api.createApp();
  key = own;
  path = `/v1/apps/${app.id}/events`;
});

/** A connection, what came over it, and when it was closed by the other side. */
async function caller(): Promise<{ socket: Socket; got: () => string; closed: Promise<unknown> }> {
  const { hostname, port } = new URL(posthorn.api.url);
  const socket = connect(Number(port), hostname);
  let got = '';
  socket.on('data', (bytes: Buffer) => (got += bytes.toString()));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  stopAfterwards(() => socket.destroy());
  await once(socket, 'connect');
  return { socket, got: () => got, closed };
}

/** A byte every `DRIP_MS`, for as long as the connection is open. */
async function drip(socket: Socket, text: string): Promise<void> {
  for (let sent = 0; !socket.destroyed; sent += 1) {
    socket.write(text[sent % text.length] ?? '');
    await sleep(DRIP_MS);
  }
}

const post = (authorization: string) =>
  `POST ${path} HTTP/1.1\r\nHost: posthorn\r\nContent-Type: application/json\r\n${authorization}Content-Length: 100000\r\n\r\n`;

describe('a connection that brings no whole request in time is closed', { timeout: 30_000 }, () => {
  it('which sends nothing: 408', async () => {
    const { got, closed } = await caller();
    await closed;
    expect(got()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('whose headers drip: 408, as a problem', async () => {
    const { socket, got, closed } = await caller();
    socket.write(`POST ${path} HTTP/1.1\r\nHost: posthorn\r\n`);
    void drip(socket, 'X-Slow: 1\r\n');
    await closed;
    const [head = '', body = ''] = got().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status: 408, code: 'request_timeout' });
  });

  it('whose body drips, with a key: 408', async () => {
    const { socket, got, closed } = await caller();
    socket.write(post(`Authorization: Bearer ${key}\r\n`));
    void drip(socket, ' ');
    await closed;
    expect(got()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('whose body drips, without a key: 401, and no second answer', async () => {
    const { socket, got, closed } = await caller();
    socket.write(post(''));
    void drip(socket, ' ');
    await closed;
    expect(got().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401']);
  });
});

it('a connection goes on for as long as it brings whole requests', async () => {
  const { socket, got } = await caller();
  const until = performance.now() + 2 * WHOLE_REQUEST_MS;
  for (let sent = 1; performance.now() < until; sent += 1) {
    socket.write('GET /healthz HTTP/1.1\r\nHost: posthorn\r\n\r\n');
    await expect.poll(() => got().match(/HTTP\/1\.1 200/g)?.length).toBe(sent);
    // It is idle between them, for less than a whole request may take.
    await sleep(WHOLE_REQUEST_MS / 4);
  }
  expect(socket.destroyed).toBe(false);
});

it.each([
  ['no HTTP', 'hello\r\n\r\n', 400, 'bad_request'],
  [
    'too many headers',
    `GET / HTTP/1.1\r\n${'X-Long: '.padEnd(20_000, 'x')}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
])('%s gets a problem, too', async (_name, sent, status, code) => {
  const { socket, got, closed } = await caller();
  socket.write(sent);
  await closed;
  expect(got()).toContain(`HTTP/1.1 ${status} `);
  expect(JSON.parse(got().split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, code });
});
