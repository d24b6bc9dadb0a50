import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { EndpointSpeed } from '../../src/dispatch/endpoint-speed.js';
import { MOST_TOGETHER } from '../../src/dispatch/limits.js';
import type { Delivery, Event } from '../support/api-client.js';
import { connectTo } from '../support/database.js';
import { allPages } from '../support/pages.js';
import { hang, Receiver } from '../support/receiver.js';
import { sharedOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What endpoints do to each other, and one event to many of them. */

const ATTEMPTS = 8;
const SHARE = ATTEMPTS / 4;
const ENDPOINTS = 1_000;

const posthorn = sharedPosthorn({ concurrentAttempts: ATTEMPTS });
const { api } = posthorn;
const operator = sharedOperator();
let database: pg.Client;
beforeAll(async () => {
  database = await connectTo(posthorn.databaseUrl);
});

async function given(webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp('standard', { settings: { drain_per_second: 100 } });
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const submit = () => api.submit(app.id, { event_type: 'tick', data: {} });
  return {
    receiver,
    app,
    endpoint,
    submit,
    /** One that is delivered, so that the endpoints have earned the fast path. */
    earn: async () => {
      const { id } = await submit();
      await api.eventThatIs('delivered', app.id, id, 60_000);
      receiver.received.length = 0;
    },
    /** What the log has of each delivery, for what the API does not show. */
    deliveries: async () => {
      const { rows } = await database.query<{ attempt_count: number; held: boolean; hold_count: number }>(
        'select attempt_count, held, hold_count from deliveries where app_id = $1 order by created_at, id',
        [app.id],
      );
      return rows;
    },
  };
}

async function addEndpoints(appId: string, receiver: Receiver, paths: readonly string[]): Promise<void> {
  for (let from = 0; from < paths.length; from += 20) {
    await Promise.all(
      paths
        .slice(from, from + 20)
        .map((path) => api.createWebhook(appId, { url: new URL(path, receiver.url).href })),
    );
  }
}

/** One that is known to be slow: its first attempt is not answered in the time that fast endpoints take. */
async function hanging(webhook: Record<string, unknown> = {}) {
  const stand = await given(webhook);
  stand.receiver.answerAlways(hang);
  await stand.submit();
  await stand.receiver.gets(1);
  // Begun after Posthorn's own, and counted in turns of the same event loop: that is over as well.
  await new EndpointSpeed(() => performance.now()).patience().over;
  return stand;
}

/** Waits until one of an application's deliveries is held; which of those that were submitted together is not said. */
async function heldOne(appId: string): Promise<Delivery> {
  const path = `/v1/apps/${appId}/deliveries?reason=at_capacity&limit=1`;
  let held: Delivery[] = [];
  await expect
    .poll(async () => {
      held = (await api.expect<{ deliveries: Delivery[] }>(200, 'GET', path)).deliveries;
      return held.length;
    })
    .toBe(1);
  const [first] = held;
  if (!first) throw new Error('nothing is held');
  return first;
}

describe('an endpoint that hangs', () => {
  it('has its share of the attempts; the rest of its deliveries are held, and others go on', async () => {
    const slow = await hanging();
    await Promise.all(Array.from({ length: 10 }, () => slow.submit()));
    await slow.receiver.gets(SHARE);
    const held = await heldOne(slow.app.id);
    expect(slow.receiver.received.length).toBeLessThan(ATTEMPTS);

    const healthy = await given();
    const { id } = await healthy.submit();
    // Sooner than any of the slow ones comes to its end.
    await api.eventThatIs('delivered', healthy.app.id, id, 10_000);

    slow.receiver.answerAlways(200);
    const { deliveries } = await api.eventThatIs('delivered', slow.app.id, held.event_id, 60_000);
    expect(deliveries).toMatchObject([{ attempt_count: 1, attempts: [{ status_code: 200 }] }]);
  }, 120_000);

  it('takes its test events all the same', async () => {
    const { receiver, app, endpoint, submit } = await hanging();
    await Promise.all(Array.from({ length: 10 }, () => submit()));
    await heldOne(app.id);
    receiver.answerAlways(200);
    const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}/test`;
    const { event } = await api.expect<{ event: Event }>(202, 'POST', path);
    await api.eventThatIs('delivered', app.id, event.id);
  }, 60_000);
});

describe('what an endpoint with its share in flight does not take', () => {
  it.each([
    ['without limits', {}],
    ['with limits', { rate_limit: 50 }],
  ])(
    'is held for as long, and not over and over: %s',
    async (_what, limits) => {
      const stand = await hanging({ schedule: [], ...limits });
      await Promise.all(Array.from({ length: 6 }, () => stand.submit()));
      await expect
        .poll(async () => (await stand.deliveries()).filter(({ held }) => held).length)
        .toBeGreaterThan(0);
      // Held over and over, with no more than 400 ms between, one would have ten holds by then.
      await sleep(4_000);
      const holds = (await stand.deliveries()).map(({ hold_count: count }) => count);
      expect(Math.max(...holds)).toBeLessThan(10);
      stand.receiver.answerAlways(200);
    },
    60_000,
  );
});

describe('an event for many endpoints that hang', () => {
  it('does not keep the events of others from being opened', async () => {
    const healthy = await given();
    await healthy.earn();
    const many = await given();
    await addEndpoints(
      many.app.id,
      many.receiver,
      Array.from({ length: 299 }, (_, n) => `/${n}`),
    );
    await many.earn();
    await many.earn();
    many.receiver.answerAlways(hang);
    await many.submit();
    // All first attempts that begin together, and as many queued ones as are made at the same time.
    await many.receiver.gets(MOST_TOGETHER + ATTEMPTS);
    const { id } = await healthy.submit();
    // Sooner than what hangs comes to its end.
    await api.eventThatIs('delivered', healthy.app.id, id, 6_000);
    many.receiver.answerAlways(200);
  }, 180_000);
});

describe(`an event for ${ENDPOINTS} endpoints`, () => {
  it('goes to each once, whether they have earned the fast path or not', async () => {
    const receiver = await Receiver.start();
    const { app } = await api.createApp('standard');
    const paths = Array.from({ length: ENDPOINTS }, (_, n) => `/hook/${n}`);
    await addEndpoints(app.id, receiver, paths);
    const queued: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      receiver.received.length = 0;
      const { id, workflow_id } = await api.submit(app.id, { event_type: 'tick', data: {} });
      const event = await api.eventThatIs('delivered', app.id, id, 90_000);
      // The event shows the newest hundred, each with its attempts; the list has them all.
      expect(event.deliveries.every(({ attempts }) => attempts.length === 1)).toBe(true);
      const query = { event_id: id, limit: '100' };
      const pages = await allPages<Delivery>(api, `/v1/apps/${app.id}/deliveries`, 'deliveries', query);
      expect(pages.flat()).toHaveLength(ENDPOINTS);
      expect(pages.flat().every(({ attempt_count }) => attempt_count === 1)).toBe(true);
      expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
      const handle = operator.client.workflow.getHandle(workflow_id);
      await handle.result();
      const { events } = await handle.fetchHistory();
      queued.push((events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length);
    }
    // By then they have earned it; a busy machine may make some look slow.
    expect(queued[0]).toBe(ENDPOINTS);
    expect(queued[1]).toBeLessThan(ENDPOINTS);
  }, 240_000);
});
