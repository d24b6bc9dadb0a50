import { expect, it } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Deliveries to a disabled endpoint wait, and none is left behind, however it is switched. */

const { api } = sharedPosthorn();

async function givenHeld(count: number) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp('standard');
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, enabled: false });
  const events = await Promise.all(
    Array.from({ length: count }, (_, n) => api.submit(app.id, { event_type: 'tick', data: { n } })),
  );
  for (const { id } of events) {
    await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.reason === 'endpoint_disabled');
  }
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  const to = (state: 'enable' | 'disable') => api.expect(200, 'POST', `${path}/${state}`);
  return { receiver, app, path, events, to };
}

it('an endpoint that is switched on and off while it drains gets every held event, once', async () => {
  const { receiver, app, events, to } = await givenHeld(60);
  for (let n = 0; n < 6; n += 1) {
    await to('enable');
    await to('disable');
  }
  await to('enable');
  for (const { id } of events) await api.eventThatIs('delivered', app.id, id, 60_000);
  const bodies = receiver.received.map(({ body }) => body);
  expect(new Set(bodies).size).toBe(60);
  expect(bodies).toHaveLength(60);
}, 120_000);

it('deleting a disabled endpoint ends what it held', async () => {
  const { receiver, app, path, events } = await givenHeld(3);
  await api.expect(204, 'DELETE', path);
  for (const { id } of events) {
    const event = await api.eventThatIs('failed', app.id, id);
    expect(event.deliveries[0]).toMatchObject({ reason: 'endpoint_deleted', attempt_count: 0 });
  }
  expect(receiver.received).toHaveLength(0);
});

it('enabling sets failure_count to 0', async () => {
  const receiver = await Receiver.start(404);
  const { app } = await api.createApp('scute');
  const endpoint = await api.createWebhook(app.id, { url: receiver.url });
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
  await api.eventThatIs('failed', app.id, id);
  expect(await api.expect(200, 'POST', `${path}/disable`)).toMatchObject({ webhook: { failure_count: 1 } });
  expect(await api.expect(200, 'POST', `${path}/enable`)).toMatchObject({ webhook: { failure_count: 0 } });
});
