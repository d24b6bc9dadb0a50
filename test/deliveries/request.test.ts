import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** A delivery's request, as it would be sent now. */

const { api } = sharedPosthorn();
const run = promisify(execFile);

interface DeliveryRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  curl: string;
}

it('is the exact request, whose curl command arrives and verifies when it is pasted into a shell', async () => {
  const receiver = await Receiver.start(500);
  const { app } = await api.createApp();
  const endpoint = await api.createWebhook(app.id, {
    url: `${receiver.url}?it's=here&a[0]={b,c}`,
    headers: { 'X-Token': "quo'te", 'X-None': '', Authorization: 'Bearer abcdefghijkl' },
  });
  const data = { text: `it's "quoted" $HOME \`ls\` \\ ünï 🎺`, lines: 'a\nb' };
  const { id } = await api.submit(app.id, { event_type: 'order.paid', data });
  const event = await api.eventWhen(app.id, id, ({ deliveries: [first] }) => first?.attempts.length === 1);
  const [delivery] = event.deliveries;
  const path = `/v1/apps/${app.id}/deliveries/${delivery?.id}/request`;

  const masked = await api.expect<DeliveryRequest>(200, 'GET', path);
  expect(masked.headers).toMatchObject({ 'X-Token': '***', Authorization: '***' });
  expect(JSON.stringify(masked)).not.toContain('abcdefghijkl');

  const shown = await api.expect<DeliveryRequest>(200, 'GET', `${path}?reveal=true`);
  expect(shown).toMatchObject({ method: 'POST', url: new URL(`${receiver.url}?it's=here&a[0]={b,c}`).href });
  const [sent] = receiver.received;
  expect(shown.body).toBe(sent?.body);
  expect(shown.headers['X-Token']).toBe("quo'te");

  receiver.answerAlways(200);
  for (const { curl } of [masked, shown]) {
    await run('sh', ['-c', curl]);
    const pasted = receiver.received.at(-1);
    expect(pasted?.path).toBe(sent?.path);
    expect(pasted?.headers['x-none']).toBeDefined();
    expect(pasted?.body).toBe(sent?.body);
    const headers = pasted?.headers as Record<string, string>;
    expect(() => new Webhook(endpoint.secret).verify(pasted?.body ?? '', headers)).not.toThrow();
    expect(() => new Webhook(endpoint.secret).verify(`${pasted?.body} `, headers)).toThrow();
  }
  expect(receiver.received.at(-1)?.headers['x-token']).toBe("quo'te");
});

it('wants webhooks:write, and a delivery whose endpoint is there', async () => {
  const receiver = await Receiver.start();
  const { app } = await api.createApp();
  const endpoint = await api.createWebhook(app.id, { url: receiver.url });
  const { id } = await api.submit(app.id, { event_type: 'order.paid', data: {} });
  const { deliveries } = await api.eventThatIs('delivered', app.id, id);
  const path = `/v1/apps/${app.id}/deliveries/${deliveries[0]?.id}/request`;
  const { api_key: reader } = await api.expect<{ api_key: { key: string } }>(
    201,
    'POST',
    `/v1/apps/${app.id}/keys`,
    { scopes: ['webhooks:read', 'events:write'] },
  );
  expect((await api.with(reader.key).call('GET', path)).status).toBe(403);
  await api.expect(204, 'DELETE', `/v1/apps/${app.id}/webhooks/${endpoint.id}`);
  expect((await api.call('GET', path)).status).toBe(404);
});
