import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { forEachConcurrent } from '../../src/lib/for-each-concurrent.js';
import type { ApiClient, Delivery, Event, ProblemBody } from '../support/api-client.js';
import { startLimitedTemporal } from '../support/limited-temporal.js';
import { Receiver } from '../support/receiver.js';
import { connectOperator } from '../support/temporal.js';
import { sharedPosthorn, startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** Temporal takes 10,000 signals for a run of a workflow: what cannot be told keeps nobody else. */

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Signals a workflow so often, with what concerns none of its deliveries. */
const fill = (handle: WorkflowHandle, signals: number) =>
  forEachConcurrent(50, Array.from({ length: signals }), () => handle.signal('release', NOBODY));

const onlyDelivery = ({ deliveries: [delivery] }: Required<Event>): Delivery => {
  if (!delivery) throw new Error('there is no delivery');
  return delivery;
};

describe('a workflow that takes no more signals', () => {
  const MOST = 12;
  let env: TestWorkflowEnvironment;
  let posthorn: TestPosthorn;
  let api: ApiClient;
  beforeAll(async () => {
    const temporal = await startLimitedTemporal(MOST);
    env = temporal.env;
    posthorn = await startTestPosthorn({ temporalAddress: temporal.address });
    api = posthorn.api;
  }, 120_000);

  const workflowOf = ({ workflow_id }: Event) => env.client.workflow.getHandle(workflow_id);

  it('makes a retry answer 503 with Retry-After: the delivery goes on by its schedule', async () => {
    const receiver = (await Receiver.start()).answer(500);
    const { app } = await api.createApp('standard');
    await api.createWebhook(app.id, { url: receiver.url, schedule: [15] });
    const { id } = await api.submit(app.id, { event_type: 'tick', data: {} });
    const waiting = await api.eventWhen(
      app.id,
      id,
      ({ deliveries: [first] }) => typeof first?.next_attempt_at === 'string',
    );
    await fill(workflowOf(waiting), MOST);
    const path = `/v1/apps/${app.id}/deliveries/${onlyDelivery(waiting).id}/retry`;
    const { status, body, headers } = await api.call<ProblemBody>('POST', path);
    expect([status, body.code]).toEqual([503, 'temporal_unavailable']);
    expect(headers['retry-after']).toBeDefined();
    await api.eventThatIs('delivered', app.id, id, 40_000);
  }, 90_000);

  it('keeps none of the deliveries that are held behind it', async () => {
    const receiver = await Receiver.start();
    const { app } = await api.createApp('standard');
    const endpoint = await api.createWebhook(app.id, { url: receiver.url, enabled: false });
    const submit = () => api.submit(app.id, { event_type: 'tick', data: {} });
    const [full, next] = [await submit(), await submit()];
    for (const { id } of [full, next]) {
      await api.eventWhen(app.id, id, ({ deliveries: [first] }) => first?.reason === 'endpoint_disabled');
    }
    await fill(workflowOf(full), MOST);
    await api.expect(200, 'POST', `/v1/apps/${app.id}/webhooks/${endpoint.id}/enable`);
    await api.eventThatIs('delivered', app.id, next.id);
    // It is still held, and tried again at growing distances.
    const { deliveries } = await api.event(app.id, full.id);
    expect(deliveries[0]).toMatchObject({ status: 'pending', reason: 'endpoint_disabled' });
    expect(posthorn.log.filter((line) => line.includes('could not release held deliveries'))).not.toEqual([]);
    const drain = await env.client.workflow.getHandle(`drain/${endpoint.id}`).describe();
    expect(drain.status.name).toBe('RUNNING');
    expect(drain.historyLength).toBeLessThan(150);
    await env.client.workflow.getHandle(`drain/${endpoint.id}`).terminate();
  }, 90_000);
});

describe('a workflow that has had thousands of signals', () => {
  const { api } = sharedPosthorn();

  it('goes on in another run, with what was held, what waits, and what was delivered', async () => {
    const operator = await connectOperator();
    const [held, waiting, done] = [await Receiver.start(), await Receiver.start(), await Receiver.start()];
    waiting.answer(500);
    const { app } = await api.createApp('standard');
    const paused = await api.createWebhook(app.id, { url: held.url, enabled: false });
    await api.createWebhook(app.id, { url: waiting.url, schedule: [3_600] });
    await api.createWebhook(app.id, { url: done.url });
    const { id, workflow_id } = await api.submit(app.id, { event_type: 'tick', data: {} });
    const before = await api.eventWhen(
      app.id,
      id,
      ({ deliveries }) =>
        deliveries.some(({ reason }) => reason === 'endpoint_disabled') &&
        deliveries.some(({ next_attempt_at }) => next_attempt_at !== null) &&
        deliveries.some(({ status }) => status === 'delivered'),
    );
    const handle = operator.client.workflow.getHandle(workflow_id);
    const first = await handle.describe();
    // Beside so many, one that counts is not lost.
    await Promise.all([
      fill(handle, 4_100),
      api.expect(200, 'POST', `/v1/apps/${app.id}/webhooks/${paused.id}/enable`),
    ]);
    await expect.poll(async () => (await handle.describe()).runId, { timeout: 60_000 }).not.toBe(first.runId);
    await held.gets(1);
    const delivery = before.deliveries.find(({ next_attempt_at }) => next_attempt_at !== null);
    await api.expect(202, 'POST', `/v1/apps/${app.id}/deliveries/${delivery?.id}/retry`);
    await api.eventThatIs('delivered', app.id, id, 60_000);
    expect([held.received.length, waiting.received.length, done.received.length]).toEqual([1, 2, 1]);

    const { status, deliveries } = (await handle.result()) as { status: string; deliveries: unknown[] };
    expect([status, deliveries.length]).toEqual(['delivered', 3]);
    const last = await handle.describe();
    expect(last.historyLength).toBeLessThan(500);
    const named = ({ typedSearchAttributes }: typeof last) =>
      ['PosthornApp', 'PosthornEventType'].map((name) =>
        typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD')),
      );
    expect(named(last)).toEqual([app.id, 'tick']);
  }, 180_000);
});

describe('a wish that is under way', () => {
  it('is not sent again, however often somebody asks while no worker is there', async () => {
    const encryptionKey = randomBytes(32);
    const { databaseUrl, taskQueue, api } = await startTestPosthorn({
      parts: { api: true, worker: false },
      encryptionKey,
    });
    const worker = await startTestPosthorn({
      parts: { api: false, worker: true },
      databaseUrl,
      taskQueue,
      encryptionKey,
    });
    const operator = await connectOperator();
    const receiver = (await Receiver.start()).answer(500);
    const { app } = await api.createApp('standard');
    await api.createWebhook(app.id, { url: receiver.url, schedule: [3_600] });
    const { id, workflow_id } = await api.submit(app.id, { event_type: 'tick', data: {} });
    const waiting = await api.eventWhen(
      app.id,
      id,
      ({ deliveries: [first] }) => typeof first?.next_attempt_at === 'string',
    );
    await worker.stop();
    const path = `/v1/apps/${app.id}/deliveries/${onlyDelivery(waiting).id}/retry`;
    for (let n = 0; n < 3; n += 1) {
      await Promise.all(Array.from({ length: 3 }, () => api.expect(202, 'POST', path)));
    }
    const { events } = await operator.client.workflow.getHandle(workflow_id).fetchHistory();
    const signals = (events ?? []).filter((each) => each.workflowExecutionSignaledEventAttributes);
    // Those that came in the same moment.
    expect(signals.length).toBeGreaterThanOrEqual(1);
    expect(signals.length).toBeLessThanOrEqual(3);
    await operator.client.workflow.getHandle(workflow_id).terminate();
  }, 90_000);
});
