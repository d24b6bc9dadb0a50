import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { profileById, profileIds } from '../../src/profiles/index.js';
import { Receiver } from '../support/receiver.js';
import { sharedOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';
import { statusQuery } from '../../src/workflows/messages.js';

/** What only the real server does, or does otherwise than the one that skips time. */

const { api } = sharedPosthorn();
const operator = sharedOperator();

async function given(profile: string, webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp(profile);
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const submit = () => api.submit(app.id, { event_type: 'user.created', data: {} });
  return { receiver, app, endpoint, submit };
}

async function historyOf(workflowId: string) {
  const { events } = await operator.client.workflow.getHandle(workflowId).fetchHistory();
  return events ?? [];
}

describe('the fast path', () => {
  it('starts the workflow eagerly and makes the first attempt with the opening: six events', async () => {
    const { app, submit } = await given('standard');
    await api.eventThatIs('delivered', app.id, (await submit()).id);
    const { id, workflow_id } = await submit();
    await api.eventThatIs('delivered', app.id, id);
    await operator.client.workflow.getHandle(workflow_id).result();
    const events = await historyOf(workflow_id);
    expect(events).toHaveLength(6);
    expect(events[0]?.workflowExecutionStartedEventAttributes?.eagerExecutionAccepted).toBe(true);
  });

  it('is lost at once by a POST that stays unanswered for 500 ms', async () => {
    const { receiver, app, submit } = await given('standard');
    await api.eventThatIs('delivered', app.id, (await submit()).id);
    // It leaves every POST unanswered: one that it answers fast would earn the fast path again.
    const unanswered: ServerResponse[] = [];
    receiver.answerAlways((response) => void unanswered.push(response));
    const slow = [await submit()];
    await receiver.gets(2);
    await expect
      .poll(async () => {
        slow.push(await submit());
        const histories = await Promise.all(slow.map((event) => historyOf(event.workflow_id)));
        return histories.flat().some((event) => event.activityTaskScheduledEventAttributes);
      })
      .toBe(true);
    receiver.answerAlways(200);
    for (const response of unanswered) response.end();
    for (const { id } of slow) await api.eventThatIs('delivered', app.id, id);
  });
});

describe('a failing delivery', () => {
  it.concurrent(
    'scute: 500, 500, 200 is three attempts, 10 and 20 seconds apart',
    async () => {
      const { receiver, app, submit } = await given('scute');
      receiver.answer(500, 500);
      const { id } = await submit();
      for (const number of [1, 2]) {
        const event = await api.eventWhen(
          app.id,
          id,
          ({ deliveries: [delivery] }) => delivery?.status === 'failed' && delivery.attempt_count === number,
          30_000,
        );
        expect(event.status).toBe('pending');
        expect(event.deliveries[0]?.next_attempt_at).not.toBeNull();
      }
      await api.eventThatIs('delivered', app.id, id, 40_000);
      const times = receiver.received.map(({ at }) => at);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(gaps).toHaveLength(2);
      for (const [index, delay] of [10_000, 20_000].entries()) {
        expect(gaps[index]).toBeGreaterThanOrEqual(delay - 20);
        expect(gaps[index]).toBeLessThan(delay + 2_000);
      }
    },
    60_000,
  );

  /** What the documents give, in seconds: the shortest and the longest first delay; null for no retry. */
  const firstDelays: [profile: string, seconds: [number, number] | null][] = [
    ['standard', [4.5, 5.5]],
    ['scalekit', [5, 5]],
    ['scalekit-auth', [60, 60]],
    ['scendcore', null],
    ['scute', [10, 10]],
  ];

  it.concurrent.for(firstDelays)(
    '%s: is first retried after %j s',
    { timeout: 120_000 },
    async ([id, seconds], { expect }) => {
      const receiver = await Receiver.start();
      receiver.answer(503);
      const { app } = await api.createApp(id);
      await api.createWebhook(app.id, { url: receiver.url });
      const { type: event_type, data, attributes } = profileById(id).testEvent;
      const event = await api.submit(app.id, { event_type, data, attributes });
      await api.eventThatIs(seconds ? 'delivered' : 'failed', app.id, event.id, 100_000);
      const [first = 0, second, ...more] = receiver.received.map(({ at }) => at);
      expect(more).toEqual([]);
      if (!seconds) {
        expect(second).toBeUndefined();
        return;
      }
      const gap = (second ?? 0) - first;
      expect(gap).toBeGreaterThanOrEqual(seconds[0] * 1_000 - 20);
      expect(gap).toBeLessThan(seconds[1] * 1_000 + 2_000);
    },
  );

  it('is so on every profile that there is', () => {
    expect(firstDelays.map(([profile]) => profile).sort()).toEqual(profileIds.toSorted());
  });

  it('shows in Temporal what it waits for: the attempt, its failure, the time of the next', async () => {
    const { receiver, app, submit } = await given('scute');
    receiver.answerAlways((response) => {
      // An answer of a megabyte must not push the failure over Temporal's 4 KiB.
      response.writeHead(503).end('x'.repeat(1_000_000));
    });
    const { id, workflow_id } = await submit();
    await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
    const handle = operator.client.workflow.getHandle(workflow_id);
    await expect
      .poll(async () => (await handle.describe()).raw.pendingActivities?.[0]?.lastFailure)
      .toMatchObject({ message: 'status 503', applicationFailureInfo: { type: 'AttemptFailed' } });
    const [pending] = (await handle.describe()).raw.pendingActivities ?? [];
    expect(pending).toMatchObject({ attempt: 2, maximumAttempts: 4 });
    const status = await handle.query(statusQuery);
    expect(status.deliveries).toMatchObject([{ state: 'sending', attempt: 1 }]);
    // Nothing is kept in memory for it (docs/decisions/0021).
    expect(await handle.query('__stack_trace')).toBe('');
    await handle.cancel();
    await api.eventThatIs('cancelled', app.id, id);
  });

  it('shows its attempts in the Temporal UI when it has failed for good', async () => {
    const { receiver, app, submit } = await given('scute', { retry_limit: 0 });
    receiver.answerAlways(500);
    const { id, workflow_id } = await submit();
    await api.eventThatIs('failed', app.id, id);
    const handle = operator.client.workflow.getHandle(workflow_id);
    expect(await handle.result()).toMatchObject({
      status: 'failed',
      deliveries: [{ status: 'failed', reason: 'exhausted', attempts: 1 }],
    });
    const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('failed (exhausted)');
    expect(metadata.currentDetails).toMatch(/\| 1 \| .* \| \d+ ms \| status 500 \|/);
  });
});

describe('cancelling the workflow', () => {
  it('while a POST is in flight: the POST is finished, and its success counts', async () => {
    const { receiver, app, submit } = await given('scute');
    let answer = () => undefined as void;
    receiver.answer((response) => {
      answer = () => void response.writeHead(200).end();
    });
    const { id, workflow_id } = await submit();
    await receiver.gets(1);
    await operator.client.workflow.getHandle(workflow_id).cancel();
    answer();
    await api.eventThatIs('delivered', app.id, id);
  });

  it('while a POST is in flight that fails: there is no further attempt', async () => {
    const { receiver, app, submit } = await given('scute');
    let answer = () => undefined as void;
    receiver.answer((response) => {
      answer = () => void response.writeHead(500).end();
    });
    const { id, workflow_id } = await submit();
    await receiver.gets(1);
    await operator.client.workflow.getHandle(workflow_id).cancel();
    answer();
    const event = await api.eventThatIs('cancelled', app.id, id);
    expect(event.deliveries[0]).toMatchObject({
      reason: 'cancelled',
      attempt_count: 1,
      next_attempt_at: null,
    });
    expect(receiver.received).toHaveLength(1);
  });
});

it('a deleted endpoint ends its deliveries at their next attempt', async () => {
  const { receiver, app, endpoint, submit } = await given('standard');
  receiver.answerAlways(500);
  const { id } = await submit();
  await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
  await api.expect(204, 'DELETE', `/v1/apps/${app.id}/webhooks/${endpoint.id}`);
  const event = await api.eventThatIs('failed', app.id, id);
  expect(event.deliveries[0]).toMatchObject({ reason: 'endpoint_deleted', attempt_count: 1 });
  expect(receiver.received).toHaveLength(1);
});

it('fans out to 150 endpoints', async () => {
  const { receiver, app, submit } = await given('standard');
  for (let n = 1; n < 150; n += 1) await api.createWebhook(app.id, { url: receiver.url });
  const event = await api.eventThatIs('delivered', app.id, (await submit()).id, 30_000);
  // The newest hundred are shown.
  expect(event.deliveries).toHaveLength(100);
  expect(event).toMatchObject({ deliveries_total: 150 });
  expect(receiver.received).toHaveLength(150);
}, 60_000);

it('the search attributes find an application’s events', async () => {
  const { app, submit } = await given('standard');
  const { workflow_id } = await submit();
  const query = `PosthornApp = '${app.id}' and PosthornEventType = 'user.created'`;
  await expect
    .poll(() => operator.client.workflow.count(query).then(({ count }) => count), { timeout: 10_000 })
    .toBe(1);
  for await (const found of operator.client.workflow.list({ query }))
    expect(found.workflowId).toBe(workflow_id);
});
