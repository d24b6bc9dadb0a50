import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** A target is checked before an endpoint is made of it. */

const { api } = sharedPosthorn();

interface Checked {
  ok: boolean;
  checks: { name: string; ok: boolean; text: string; duration_ms: number }[];
}

/** Each in an application of its own: one may have a check a second. */
async function check(body: Record<string, unknown>, profile = 'standard') {
  const { app } = await api.createApp(profile);
  const checked = await api.expect<Checked>(200, 'POST', `/v1/apps/${app.id}/webhooks/check`, body);
  return { ...checked, steps: checked.checks.map(({ name, ok }) => [name, ok]) };
}

it('goes through URL, address and connection, and sends nothing', async () => {
  const receiver = await Receiver.start();
  const { ok, steps } = await check({ url: receiver.url });
  expect({ ok, steps }).toEqual({
    ok: true,
    steps: [
      ['url', true],
      ['address', true],
      ['connect', true],
    ],
  });
  expect(receiver.received).toHaveLength(0);
});

it.each(['standard', 'scute', 'scendcore'])(
  'sends the test event of %s where that is asked for, and says what came',
  async (profile) => {
    const receiver = await Receiver.start();
    receiver.answer(503);
    const refused = await check({ url: receiver.url, send: true, headers: { 'X-A': 'b' } }, profile);
    expect(refused.ok).toBe(false);
    expect(refused.checks.at(-1)).toMatchObject({
      name: 'answer',
      ok: false,
      text: 'The receiver answered 503.',
    });
    expect((await check({ url: receiver.url, send: true }, profile)).ok).toBe(true);
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[0]?.headers).toMatchObject({ 'x-a': 'b', 'content-type': 'application/json' });
  },
);

it.each([
  ['http//example.com', 'url'],
  ['https://user:pw@example.com/', 'url'],
  ['https://169.254.169.254/latest', 'address'],
  ['http://example.com/', 'address'],
  ['https://no-such-host.invalid/', 'dns'],
  ['http://127.0.0.1:1/', 'connect'],
])('%s stops at %s', async (url, name) => {
  const { ok, checks } = await check({ url });
  expect(ok).toBe(false);
  expect(checks.at(-1)).toMatchObject({ name, ok: false });
  expect(checks.at(-1)?.text).toMatch(/^\S.*\.$/);
});

it('says what is wrong with TLS', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const { steps, checks } = await check({ url: `https://127.0.0.1:${port}/` });
  expect(steps).toEqual([
    ['url', true],
    ['address', true],
    ['connect', true],
    ['tls', false],
  ]);
  expect(checks.at(-1)?.text).toBe('the receiver does not speak TLS on this port.');
});

it('is made once a second for an application, and refuses what an endpoint could not have', async () => {
  const { app } = await api.createApp();
  const path = `/v1/apps/${app.id}/webhooks/check`;
  const calls = [1, 2].map(() => api.call('POST', path, { body: { url: 'https://169.254.169.254/' } }));
  expect((await Promise.all(calls)).map(({ status }) => status).sort()).toEqual([200, 429]);
  const bad = await api.call('POST', path, { body: { url: 'x', headers: { Host: 'a' }, secret: 'short' } });
  expect(bad).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/headers/Host' }, { pointer: '/secret' }] },
  });
});
