import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import type { ApiClient, ExplainedDelivery } from '../support/api-client.js';
import { startRawReceiver } from '../support/hostile.js';
import { hang, Receiver } from '../support/receiver.js';
import { sharedPosthorn, startTestPosthorn } from '../support/test-posthorn.js';

/** What is said of an attempt that got no answer, by what happened to it on real connections. */

const { api } = sharedPosthorn();

/** The delivery of one event, whose only attempt fails. */
async function failedDelivery(at: ApiClient, url: string): Promise<ExplainedDelivery> {
  // Of Scute's an exchange may take 10 s.
  const { app } = await at.createApp('scute');
  await at.createWebhook(app.id, { url, retry_limit: 0 });
  const { id } = await at.submit(app.id, { event_type: 'user.created', data: {} });
  return (await at.eventThatIs('failed', app.id, id, 30_000)).deliveries[0] as ExplainedDelivery;
}

it.each<[code: string, action: string, url: () => Promise<string>, said?: string]>([
  ['timeout', 'fix_receiver', async () => (await Receiver.start(hang)).url],
  ['connection_refused', 'fix_receiver', async () => `http://127.0.0.1:${await freePort()}/`],
  [
    'connection_lost',
    'fix_receiver',
    async () => (await startRawReceiver((socket) => socket.resetAndDestroy())).url,
  ],
  ['dns', 'change_endpoint', () => Promise.resolve('https://nobody.invalid/')],
  ['tls', 'fix_receiver', async () => (await Receiver.start()).url.replace('http:', 'https:')],
  [
    'redirect',
    'change_endpoint',
    async () =>
      (await Receiver.start((response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()))
        .url,
    'got 302 after',
  ],
  [
    'invalid_answer',
    'fix_receiver',
    async () => (await startRawReceiver((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))).url,
  ],
])(
  '%s: what happened, and what would mend it',
  async (code, action, url, said = `${code}: `) => {
    const { explanation, attempts } = await failedDelivery(api, await url());
    expect(attempts[0]?.error).toMatch(new RegExp(`^${code}: `));
    expect(explanation.code).toBe('exhausted');
    expect(explanation.text).toContain(said);
    const [advice, ...others] = explanation.remedies;
    expect(advice).toMatchObject({ action, text: expect.stringMatching(/^[A-Z].*\.$/) as string });
    expect(others.map((remedy) => remedy.action)).toEqual(['resend', 'recover']);
  },
  60_000,
);

it('address_refused: by a worker that allows no private addresses', async () => {
  const lenient = await startTestPosthorn({ parts: { api: true, worker: false } });
  await lenient.beside({ parts: { api: false, worker: true }, allowedTargets: [] });
  const { explanation } = await failedDelivery(lenient.api, 'http://127.0.0.1:9/');
  expect(explanation.text).toContain('address_refused: ');
  expect(explanation.remedies[0]).toMatchObject({ action: 'change_endpoint', method: 'PATCH' });
});

it('about_to_begin: a first attempt that waits in the queue of a worker that has its hands full', async () => {
  const busy = await startTestPosthorn({ concurrentAttempts: 1 });
  const receiver = await Receiver.start(hang);
  const { app } = await busy.api.createApp();
  for (const type of ['first', 'second']) {
    await busy.api.createWebhook(app.id, { url: receiver.url, event_types: [type] });
  }
  await busy.api.submit(app.id, { event_type: 'first', data: {} });
  await receiver.gets(1);
  const { id } = await busy.api.submit(app.id, { event_type: 'second', data: {} });
  const { explanation } = await busy.api.deliveryExplainedBy('about_to_begin', app.id, id);
  expect(explanation).toMatchObject({
    text: expect.stringContaining('Attempt 1 is to be made now. It is in the queue') as string,
    next: null,
    remedies: [],
  });
});
