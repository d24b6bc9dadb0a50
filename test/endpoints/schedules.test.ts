import { describe, expect, it } from 'vitest';
import type { App, ProblemBody, Webhook } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Schedules that an application or an endpoint chooses instead of its profile's. */

const { api } = sharedPosthorn();

const createApp = async (settings: Record<string, unknown>) =>
  (await api.expect<{ app: App }>(201, 'POST', '/v1/apps', { name: 'Acme', profile: 'scendcore', settings }))
    .app;
const contact = { event_type: 'contact.created', data: {} };

describe('settings.schedule', () => {
  it('is shown, may be changed, and taken back', async () => {
    const app = await createApp({ schedule: [1, 2.5] });
    expect(app.settings.schedule).toEqual([1, 2.5]);
    const path = `/v1/apps/${app.id}`;
    const fourWeeks = Array.from({ length: 4 }, () => 604_800);
    for (const schedule of ['scute', [], fourWeeks, null]) {
      const changed = await api.expect<{ app: App }>(200, 'PATCH', path, { settings: { schedule } });
      expect(changed.app.settings).toEqual({ ...app.settings, schedule });
    }
  });

  it('gives a profile without retries some', async () => {
    const app = await createApp({ schedule: [1, 1] });
    const receiver = await Receiver.start();
    const webhook = await api.createWebhook(app.id, { url: receiver.url });
    expect(webhook).toMatchObject({ retry_limit: 2, schedule: null });
    receiver.answer(500, 500);
    const { id } = await api.submit(app.id, contact);
    await api.eventThatIs('delivered', app.id, id);
    expect(receiver.received).toHaveLength(3);
  });
});

describe('an endpoint’s schedule', () => {
  it('comes before its application’s; a change is for the deliveries that begin after it', async () => {
    const app = await createApp({ schedule: [3_600] });
    const receiver = await Receiver.start(500);
    const webhook = await api.createWebhook(app.id, { url: receiver.url, schedule: [1, 1] });
    expect(webhook).toMatchObject({ retry_limit: 2, schedule: [1, 1] });
    const running = await api.submit(app.id, contact);
    await receiver.gets(1);
    const path = `/v1/apps/${app.id}/webhooks/${webhook.id}`;
    const changed = await api.expect<{ webhook: Webhook }>(200, 'PATCH', path, { webhook: { schedule: [] } });
    expect(changed.webhook).toMatchObject({ retry_limit: 0, schedule: [] });
    const after = await api.submit(app.id, contact);
    expect((await api.eventThatIs('failed', app.id, running.id)).deliveries[0]?.attempt_count).toBe(3);
    expect((await api.eventThatIs('failed', app.id, after.id)).deliveries[0]?.attempt_count).toBe(1);

    const back = await api.expect<{ webhook: Webhook }>(200, 'PATCH', path, { webhook: { schedule: null } });
    expect(back.webhook).toMatchObject({ retry_limit: 1, schedule: null });
  });
});

describe('an endpoint’s retry_limit', () => {
  it('may be null for the schedule’s own number, which is shown, and taken back', async () => {
    const app = await createApp({ schedule: Array.from({ length: 12 }, () => 3_600) });
    const url = 'https://example.com/';
    const { id, retry_limit } = await api.createWebhook(app.id, { url, retry_limit: null });
    expect(retry_limit).toBe(12);
    const path = `/v1/apps/${app.id}/webhooks/${id}`;
    for (const [given, shown] of [
      [2, 2],
      [undefined, 2],
      [null, 12],
    ]) {
      const changes = { webhook: { description: 'changed', retry_limit: given } };
      const changed = await api.expect<{ webhook: Webhook }>(200, 'PATCH', path, changes);
      expect(changed.webhook.retry_limit).toBe(shown);
    }
  });
});

describe('what is no schedule is refused', () => {
  const bad = [
    ['sometimes', ''],
    ['', ''],
    [5, ''],
    [{ delays: [1] }, ''],
    [[-1], '/0'],
    [[1, -5], '/1'],
    [[0], '/0'],
    [[0.5], '/0'],
    [['1'], '/0'],
    [[null], '/0'],
    [[604_801], '/0'],
    [Array.from({ length: 51 }, () => 1), ''],
    [[604_800, 604_800, 604_800, 604_800, 1], ''],
  ] as const;

  it.each(bad)('%j', async (schedule, at) => {
    const onApp = await api.call<ProblemBody>('POST', '/v1/apps', {
      body: { name: 'Acme', settings: { schedule } },
    });
    expect(onApp).toMatchObject({ status: 422, body: { errors: [{ pointer: `/settings/schedule${at}` }] } });
    const { app } = await api.createApp();
    const path = `/v1/apps/${app.id}/webhooks`;
    const onEndpoint = await api.call<ProblemBody>('POST', path, {
      body: { webhook: { url: 'https://example.com/', schedule } },
    });
    expect(onEndpoint).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: `/webhook/schedule${at}` }] },
    });
    expect(await api.expect(200, 'GET', path)).toMatchObject({ webhooks: [] });
  });
});
