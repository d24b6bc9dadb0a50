import { describe, expect, it } from 'vitest';
import { OK, startRawReceiver } from '../support/hostile.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const posthorn = sharedPosthorn();
const { api } = posthorn;

async function submitTo(url: string, { profile = 'standard', name = 'Acme', webhook = {} } = {}) {
  const { app } = await api.createApp(profile, { name });
  const { secret } = await api.createWebhook(app.id, { url, retry_limit: 0, ...webhook });
  const submit = () => api.submit(app.id, { event_type: 'user.created', data: { name: 'Ada' } });
  return { app, secret, submit };
}

describe('a delivery that has one attempt only', () => {
  it('does not lose it to a connection that its receiver has closed meanwhile', async () => {
    const receiver = await startRawReceiver((socket, _request, onThisConnection) => {
      if (onThisConnection === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    const { app, submit } = await submitTo(receiver.url);
    const first = await api.eventThatIs('delivered', app.id, (await submit()).id);
    const second = await api.eventThatIs('delivered', app.id, (await submit()).id);
    const attempts = [first, second].map(({ deliveries }) => deliveries[0]?.attempts);
    expect(attempts).toMatchObject([
      [{ number: 1, status_code: 200, error: null, possibly_repeated: false }],
      [{ number: 1, status_code: 200, error: null, possibly_repeated: true }],
    ]);
    expect([receiver.connections, receiver.requests]).toEqual([2, 3]);
  });
});

describe('a receiver that is right, but odd, is delivered to with one POST', () => {
  it.each([
    ['an unasked 100 before its answer', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, '127.0.0.1'],
    ['204 with chunks', 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n', '127.0.0.1'],
    ['204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', '127.0.0.1'],
    ['two equal lengths', OK.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\n'), '127.0.0.1'],
    ['line feeds alone', OK.replaceAll('\r', ''), '127.0.0.1'],
    ['a localhost name', OK, 'app.localhost'],
    ['localhost with a dot', OK, 'localhost.'],
  ])('%s', async (_what, answer, host) => {
    const receiver = await startRawReceiver((socket) => socket.write(answer));
    const { app, submit } = await submitTo(receiver.url.replace('127.0.0.1', host));
    const { deliveries } = await api.eventThatIs('delivered', app.id, (await submit()).id);
    const [attempt] = deliveries[0]?.attempts ?? [];
    expect(attempt).toMatchObject({ number: 1, error: null });
    expect(attempt?.duration_ms).toBeLessThan(2_500);
    expect(receiver.requests).toBe(1);
  });
});

it('304 is a status outside 2xx, and no redirect', async () => {
  const receiver = await startRawReceiver((socket) => socket.write('HTTP/1.1 304 Not Modified\r\n\r\n'));
  const { app, submit } = await submitTo(receiver.url);
  const failed = await api.eventThatIs('failed', app.id, (await submit()).id);
  expect(failed.deliveries[0]?.attempts).toMatchObject([{ status_code: 304, error: null }]);
});

describe('what a receiver answers', () => {
  it('keeps the ordinary words of the request', async () => {
    const words = { Accept: 'application/json', 'X-Environment': 'production', 'X-Region': 'eu-west-1' };
    const receiver = await Receiver.start((response, { headers }) =>
      response.writeHead(400).end(JSON.stringify({ wanted: 'application/json', headers })),
    );
    const headers = { ...words, 'X-Odd': 'c0rr3ct-h0rs3' };
    const { app, submit } = await submitTo(receiver.url, { webhook: { headers } });
    const failed = await api.eventThatIs('failed', app.id, (await submit()).id);
    const body = failed.deliveries[0]?.attempts[0]?.response_body ?? '';
    for (const word of Object.values(words)) expect(body).toContain(word);
    expect(body).toContain('"x-odd":"[redacted]"');
  });

  it('is shown as text, whatever bytes it is', async () => {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const halfSurrogate = Buffer.from([0xed, 0xa0, 0x80]);
    const receiver = await Receiver.start((response) =>
      response.writeHead(500).end(Buffer.concat([everyByte, halfSurrogate, Buffer.from('"\\ ☃ 😀')])),
    );
    const { app, submit } = await submitTo(receiver.url);
    const failed = await api.eventThatIs('failed', app.id, (await submit()).id);
    const body = failed.deliveries[0]?.attempts[0]?.response_body ?? '';
    const controls = String.fromCharCode(...Array.from({ length: 31 }, (_, code) => code + 1));
    expect(body.startsWith(`\uFFFD${controls} !"#$%&'()`)).toBe(true);
    expect(body).toMatch(/\uFFFD"\\ ☃ 😀$/);
    expect(body).not.toMatch(/[\0\p{Cs}]/u);
  });

  it('is shown without the secrets of the request, which some echo', async () => {
    const token = 'Bearer eyJhbGciOi"JIUzI1NiJ9+/x';
    let secret = '';
    const receiver = await Receiver.start((response, { headers }) => {
      const echo = { headers, expected: secret, short: headers['x-short'] };
      response.writeHead(400).end(`${JSON.stringify(echo)}${headers.authorization}`);
    });
    const headers = { Authorization: token, 'X-Short': 'public', 'X-Tenant': 'tenant-12345' };
    const given = await submitTo(receiver.url, { webhook: { headers } });
    secret = given.secret;
    const failed = await api.eventThatIs('failed', given.app.id, (await given.submit()).id);
    const body = failed.deliveries[0]?.attempts[0]?.response_body ?? '';
    expect(receiver.received[0]?.headers.authorization).toBe(token);
    expect(body).toContain('"authorization":"[redacted]"');
    expect(body).toContain('"x-tenant":"[redacted]"');
    expect(body).toContain('"expected":"[redacted]"');
    expect(body).toContain('"short":"public"');
    for (const hidden of ['eyJhbGciOi', 'tenant-12345', secret]) {
      expect(body).not.toContain(hidden);
      expect(posthorn.log.join('\n')).not.toContain(hidden);
    }
  });

  it('ends within a secret where it is cut, and shows nothing of that', async () => {
    const token = `token-${'s3cr3t'.repeat(10)}`;
    const receiver = await Receiver.start((response, { headers }) =>
      response.writeHead(400).end(`${'x'.repeat(20_480 - 30)}${String(headers['x-token'])}`),
    );
    const { app, submit } = await submitTo(receiver.url, { webhook: { headers: { 'X-Token': token } } });
    const failed = await api.eventThatIs('failed', app.id, (await submit()).id);
    const body = failed.deliveries[0]?.attempts[0]?.response_body;
    expect(body).toBe(`${'x'.repeat(20_480 - 30)}[redacted]`);
  });
});

describe('scute: an application that is called', () => {
  it.each([
    ['Zoë & Söhne', 'Zo&Shne-Webhooks/1.0'],
    ['"Acme" (😀)', 'Acme-Webhooks/1.0'],
    ['株式会社', 'App-Webhooks/1.0'],
    ["X: y'; Evil: 1", "Xy'Evil1-Webhooks/1.0"],
  ])('%s delivers as %s', async (name, agent) => {
    const receiver = await Receiver.start();
    const { app, submit } = await submitTo(receiver.url, { profile: 'scute', name });
    await api.eventThatIs('delivered', app.id, (await submit()).id);
    expect(receiver.received[0]?.headers).toMatchObject({ 'user-agent': agent });
    expect(receiver.received[0]?.headers).not.toHaveProperty('evil');
  });
});
