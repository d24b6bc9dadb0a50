import { describe, expect, it } from 'vitest';
import type { Webhook } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { scaled } from '../support/scale.js';
import { sharedOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';
import { healthQuery, reportSignal } from '../../src/workflows/messages.js';
import type { endpointHealth } from '../../src/workflows/endpoint-health.js';
import type { HealthStatus } from '../../src/domain/endpoint-health.js';

/** Failures are counted exactly, and disable an endpoint by its rule. */

const ENDPOINTS = scaled(100, 1_000);

const posthorn = sharedPosthorn();
const { api } = posthorn;
const operator = sharedOperator();
async function given(profile: string, settings: Record<string, unknown> = {}, webhook = {}) {
  const receiver = await Receiver.start(500);
  const { app } = await api.createApp(profile, { settings });
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  const eventType = profile === 'scendcore' ? 'contact.created' : 'user.created';
  return {
    receiver,
    app,
    endpoint,
    path,
    submit: () => api.submit(app.id, { event_type: eventType, data: {} }),
    /** Submits one event after the other, each ended before the next. */
    ended: async (status: string, count: number) => {
      for (let n = 0; n < count; n += 1) {
        const { id } = await api.submit(app.id, { event_type: eventType, data: {} });
        await api.eventThatIs(status, app.id, id);
      }
    },
    webhook: async () => (await api.expect<{ webhook: Webhook }>(200, 'GET', path)).webhook,
    untilStatus: (status: string) =>
      expect
        .poll(async () => (await api.expect<{ webhook: Webhook }>(200, 'GET', path)).webhook.status, {
          timeout: 20_000,
        })
        .toBe(status),
    handle: operator.client.workflow.getHandle(`endpoint-health/${endpoint.id}`),
  };
}

describe('scendcore', () => {
  it('nine failures leave it active, a success starts again, the tenth in a row disables', async () => {
    const { receiver, ended, webhook, untilStatus, submit, app, handle } = await given('scendcore');
    await ended('failed', 9);
    expect(await webhook()).toMatchObject({ status: 'active', failure_count: 9 });
    receiver.answer(200);
    await ended('delivered', 1);
    expect(await webhook()).toMatchObject({ status: 'active', failure_count: 0 });
    await ended('failed', 9);
    expect(await webhook()).toMatchObject({ status: 'active', failure_count: 9 });
    await ended('failed', 1);
    await untilStatus('disabled');
    const disabled = await webhook();
    expect(disabled).toMatchObject({
      enabled: false,
      failure_count: 10,
      disabled_reason: 'consecutive_failures',
    });
    const held = await submit();
    await api.eventWhen(app.id, held.id, ({ deliveries }) => deliveries[0]?.reason === 'endpoint_disabled');
    expect(receiver.received).toHaveLength(20);
    const status = await handle.query<HealthStatus, []>(healthQuery);
    expect(status).toMatchObject({ state: 'disabled', failureCount: 10 });
  });

  it('tests and resends do not count', async () => {
    const { receiver, app, path, ended, webhook } = await given('scendcore');
    await ended('failed', 1);
    const { id } = (await api.expect<{ events: { id: string }[] }>(200, 'GET', `/v1/apps/${app.id}/events`))
      .events[0] ?? { id: '' };
    await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${id}/resend`);
    await api.expect(202, 'POST', `${path}/test`);
    await receiver.gets(3);
    await expect
      .poll(async () => {
        const { deliveries } = await api.expect<{ deliveries: { completed_at: string | null }[] }>(
          200,
          'GET',
          `${path}/deliveries`,
        );
        return deliveries.filter(({ completed_at }) => completed_at !== null).length;
      })
      .toBe(3);
    expect(await webhook()).toMatchObject({ failure_count: 1 });
  });
});

describe('a rule', () => {
  it('standard: 410 disables at once', async () => {
    const { receiver, ended, webhook, untilStatus } = await given('standard');
    receiver.answerAlways(410);
    await ended('failed', 1);
    await untilStatus('disabled');
    expect(await webhook()).toMatchObject({ disabled_reason: 'gone', failure_count: 1 });
  });

  it('scute: none, until the application sets one', async () => {
    const { app, ended, webhook, untilStatus } = await given('scute', {}, { retry_limit: 0 });
    await ended('failed', 12);
    expect(await webhook()).toMatchObject({ status: 'active', failure_count: 12 });
    await api.expect(200, 'PATCH', `/v1/apps/${app.id}`, { settings: { disable_after_failures: 13 } });
    await ended('failed', 1);
    await untilStatus('disabled');
    expect(await webhook()).toMatchObject({ failure_count: 13 });
  });
});

describe('reports', () => {
  it('that come twice, for nothing, or out of order change nothing', async () => {
    const { receiver, ended, webhook, handle, endpoint } = await given('scendcore');
    await ended('failed', 9);
    const { runId } = await handle.describe();
    await Promise.all(Array.from({ length: 50 }, () => handle.signal(reportSignal)));
    expect(await webhook()).toMatchObject({ status: 'active', failure_count: 9 });
    receiver.answerAlways(200);
    await ended('delivered', 1);
    const watch = operator.client.workflow.getHandle<typeof endpointHealth>(handle.workflowId, runId);
    const { history } = await watch.result();
    expect(history.map(({ to }) => to)).toEqual(['failing', 'recovered']);

    // A report that was on its way since before the success begins a watch that finds nothing and is over.
    const late = await operator.client.workflow.signalWithStart<typeof endpointHealth, []>('endpointHealth', {
      workflowId: handle.workflowId,
      taskQueue: posthorn.taskQueue,
      args: [endpoint.id],
      signal: reportSignal,
      signalArgs: [],
    });
    expect(await late.result()).toMatchObject({ state: 'active', history: [] });
    await ended('delivered', 1);
    expect(await webhook()).toMatchObject({ status: 'active', failure_count: 0 });
  });

  it('continue the watch as a new run when there are many, and keep its history', async () => {
    const { receiver, ended, handle } = await given('scute', {}, { retry_limit: 0 });
    await ended('failed', 1);
    const { runId } = await handle.describe();
    await Promise.all(Array.from({ length: 300 }, () => handle.signal(reportSignal)));
    await expect.poll(async () => (await handle.describe()).runId, { timeout: 20_000 }).not.toBe(runId);
    const status = await handle.query<HealthStatus, []>(healthQuery);
    expect(status).toMatchObject({ state: 'failing', failureCount: 1 });
    expect(status.history).toHaveLength(1);
    receiver.answerAlways(200);
    await ended('delivered', 1);
    expect(await handle.result()).toMatchObject({ state: 'recovered' });
  });

  it('of a deleted endpoint end its watch', async () => {
    const { ended, handle, path } = await given('scute', {}, { retry_limit: 0 });
    await ended('failed', 1);
    await api.expect(204, 'DELETE', path);
    expect(await handle.result()).toMatchObject({ state: 'deleted' });
  });
});

it(`${ENDPOINTS} endpoints that failed and recovered leave no open health workflow`, async () => {
  const receiver = await Receiver.start(500);
  const { app } = await api.createApp('scute');
  for (let n = 0; n < ENDPOINTS; n += 1) {
    await api.createWebhook(app.id, { url: receiver.url, retry_limit: 0 });
  }
  const open = async () =>
    (
      await operator.client.workflow.count(
        `PosthornApp = '${app.id}' and WorkflowType = 'endpointHealth' and ExecutionStatus = 'Running'`,
      )
    ).count;
  const submit = () => api.submit(app.id, { event_type: 'user.created', data: {} });
  await api.eventThatIs('failed', app.id, (await submit()).id, 120_000);
  await expect.poll(open, { timeout: 60_000 }).toBe(ENDPOINTS);
  receiver.answerAlways(200);
  await api.eventThatIs('delivered', app.id, (await submit()).id, 120_000);
  await expect.poll(open, { timeout: 60_000 }).toBe(0);
}, 400_000);

describe('operational events', () => {
  it('go to endpoints that name them, signed like any other, and never through `*` or about themselves', async () => {
    const { receiver, app, endpoint, ended, untilStatus, path } = await given(
      'scendcore',
      {},
      {
        event_types: ['contact.*', 'endpoint.*', 'delivery.*'],
      },
    );
    const [everything, watcher] = [await Receiver.start(), await Receiver.start()];
    await api.createWebhook(app.id, { url: everything.url, event_types: ['*'] });
    await api.createWebhook(app.id, {
      url: watcher.url,
      event_types: ['endpoint.failing', 'endpoint.disabled', 'endpoint.recovered', 'delivery.exhausted'],
    });
    await ended('failed', 10);
    await untilStatus('disabled');
    await watcher.gets(12);
    await api.expect(200, 'POST', `${path}/enable`);
    receiver.answerAlways(200);
    await ended('delivered', 1);
    await watcher.gets(13);
    const told = watcher.received.map(({ body }) => JSON.parse(body) as { event: string; data: object });
    const count = (type: string) => told.filter(({ event }) => event === type).length;
    expect(count('delivery.exhausted')).toBe(10);
    expect([count('endpoint.failing'), count('endpoint.disabled'), count('endpoint.recovered')]).toEqual([
      1, 1, 1,
    ]);
    expect(told.find(({ event }) => event === 'endpoint.disabled')?.data).toMatchObject({
      webhook_id: endpoint.id,
      failure_count: 10,
      disabled_reason: 'consecutive_failures',
    });
    expect(everything.received).toHaveLength(11);
    expect(receiver.received).toHaveLength(11);
    expect(watcher.received[0]?.headers['x-scendcore-signature']).toMatch(/^sha256=/);
  });

  it('about endpoints that watch each other end: they cause no more of them', async () => {
    const { receiver, app, ended } = await given(
      'scute',
      {},
      { retry_limit: 0, event_types: ['user.*', 'delivery.*'] },
    );
    const other = await Receiver.start(500);
    await api.createWebhook(app.id, {
      url: other.url,
      retry_limit: 0,
      event_types: ['user.*', 'delivery.*'],
    });
    await ended('failed', 1);
    // One event to both, and each told of the other's failure.
    await Promise.all([receiver.gets(2), other.gets(2)]);
    const events = await api.expect<{ events: unknown[] }>(200, 'GET', `/v1/apps/${app.id}/events`);
    expect(events.events).toHaveLength(3);
  });

  it('cannot be submitted, or registered, by an application', async () => {
    const { app } = await given('standard');
    for (const [path, body] of [
      ['events', { event_type: 'endpoint.disabled', data: {} }],
      ['event-types', { name: 'delivery.exhausted' }],
    ] as const) {
      expect((await api.call('POST', `/v1/apps/${app.id}/${path}`, { body })).status).toBe(422);
    }
  });
});
