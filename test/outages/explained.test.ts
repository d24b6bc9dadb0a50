import { expect, inject, it } from 'vitest';
import type { ExplainedDelivery } from '../support/api-client.js';
import { Proxy } from '../support/proxy.js';
import { Receiver } from '../support/receiver.js';
import { startTestPosthorn } from '../support/test-posthorn.js';

/** What is said of deliveries while a server is away. */

it('a delivery that is due says that Temporal does not answer, and goes on when it does', async () => {
  const temporal = await Proxy.before(inject('temporalAddress'));
  const { api } = await startTestPosthorn({ temporalAddress: temporal.address });
  const receiver = await Receiver.start();
  receiver.answer(500);
  const { app } = await api.createApp();
  await api.createWebhook(app.id, { url: receiver.url, schedule: [3] });
  const { id } = await api.submit(app.id, { event_type: 'tick', data: {} });
  const delivery = async () => (await api.event(app.id, id)).deliveries[0] as ExplainedDelivery;
  await expect.poll(async () => (await delivery()).explanation.code).toBe('retry_due');
  temporal.cut();
  await expect
    .poll(async () => (await delivery()).explanation.code, { timeout: 20_000 })
    .toBe('temporal_away');
  const { text, next, remedies } = (await delivery()).explanation;
  expect(text).toContain('Temporal does not answer');
  expect(next).toMatchObject({ number: 2, of: 2 });
  expect(remedies).toMatchObject([{ action: 'check_system', method: 'GET', path: '/readyz' }]);
  expect(await api.call('GET', '/readyz')).toMatchObject({ status: 503 });
  temporal.restore();
  await api.eventThatIs('delivered', app.id, id, 60_000);
}, 120_000);
