import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { addresses, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { selfSigned } from '../support/self-signed.js';
import { stopAfterwards } from '../support/stop-afterwards.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** 127.0.0.1 stands for the public internet; the rest of loopback is what it is. */
const PUBLIC = '127.0.0.1';
const PRIVATE = '127.0.0.2';

let posthorn: TestPosthorn;
let dns: DnsServer;
let answers: string[] = [];

beforeAll(async () => {
  // Each look-up is answered with the next address, the last for ever.
  dns = await startDnsServer((question) => {
    if (question.type !== 'A') return [];
    const [next = ''] = answers.length > 1 ? answers.splice(0, 1) : answers;
    return addresses(next)(question);
  });
  posthorn = await startTestPosthorn({ allowedTargets: [`${PUBLIC}/32`], dnsServers: [dns.address] });
});

async function listening(server: Server, address: string, port = 0): Promise<number> {
  server.listen(port, address);
  await once(server, 'listening');
  stopAfterwards(async () => {
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

/** Counts who connects to it. */
function counting(server: Server): { server: Server; connections: () => number } {
  let connections = 0;
  server.on('connection', () => (connections += 1));
  return { server, connections: () => connections };
}

describe('a target whose name is moved to a private address', () => {
  it('after an attempt is refused at the next one, and nobody there is connected to', async () => {
    const { api } = posthorn;
    const target = counting(createHttpsServer(selfSigned));
    const canary = counting(createTcpServer((socket) => socket.end()));
    const port = await listening(target.server, PUBLIC);
    await listening(canary.server, PRIVATE, port);
    answers = [PUBLIC, PRIVATE];

    const { app } = await api.createApp();
    await api.createWebhook(app.id, { url: `https://rebind.test:${port}/hook`, schedule: [1] });
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
    const failed = await api.eventThatIs('failed', app.id, id);

    expect(failed.deliveries[0]).toMatchObject({ reason: 'exhausted', attempt_count: 2 });
    expect(failed.deliveries[0]?.attempts.map(({ error }) => error)).toEqual([
      expect.stringMatching(/^tls: /),
      'address_refused: rebind.test resolves to no public address',
    ]);
    expect(target.connections()).toBe(1);
    expect(canary.connections()).toBe(0);
    // Without this the canary would prove nothing.
    expect(dns.questions.filter(({ name, type }) => name === 'rebind.test' && type === 'A')).toHaveLength(2);
  });
});

describe('a hostile target', () => {
  it.each([
    'https://127.0.0.2/hook',
    'https://2130706434/hook',
    'https://[::1]/hook',
    'https://[::ffff:169.254.169.254]/latest/meta-data/',
    'https://[64:ff9b::10.0.0.1]/hook',
    'https://192.168.1.1:8443/hook',
    'http://example.com/hook',
    'https://user:password@example.com/hook',
    'file:///etc/passwd',
  ])('%s is refused where it is given', async (url) => {
    const { api } = posthorn;
    const { app } = await api.createApp();
    const good = await api.createWebhook(app.id, { url: 'https://example.com/hook' });
    const path = `/v1/apps/${app.id}/webhooks`;
    const body = { webhook: { url } };
    for (const refused of [
      await api.call<{ errors: unknown }>('POST', path, { body }),
      await api.call<{ errors: unknown }>('PATCH', `${path}/${good.id}`, { body }),
    ]) {
      expect(refused.status).toBe(422);
      expect(refused.body.errors).toMatchObject([{ pointer: '/webhook/url' }]);
    }
  });
});
