import { beforeEach, expect, it } from 'vitest';
import type { Webhook } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { mostInASecond } from '../support/rates.js';
import { Receiver } from '../support/receiver.js';
import { scaled } from '../support/scale.js';
import { sharedOperator } from '../support/temporal.js';

/** A burst to an endpoint that always fails, on two worker processes: exact to the delivery. */

const EVENTS = scaled(500, 10_000);
const DRAIN_PER_SECOND = scaled(100, 200);
const PATIENCE_MS = scaled(60_000, 600_000);

const operator = sharedOperator();
let database: TestDatabase;
let processes: PosthornProcess[];
beforeEach(async () => {
  database = await createDatabase();
  const environment = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: `burst-${database.url.slice(-12)}` };
  processes = [
    await PosthornProcess.start('all', environment),
    await PosthornProcess.start('worker', environment),
  ];
});

it(
  'is disabled at exactly ten, loses nothing, and gets each held event once when it is enabled',
  async () => {
    const [{ api }] = processes as [PosthornProcess, PosthornProcess];
    const receiver = await Receiver.start(500);
    const { app } = await api.createApp('scendcore', { settings: { drain_per_second: DRAIN_PER_SECOND } });
    const endpoint = await api.createWebhook(app.id, { url: receiver.url });
    const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
    const submit = async (n: number) =>
      (await api.submit(app.id, { id: `event-${n}`, event_type: 'contact.created', data: { n } })).id;
    for (let n = 0; n < EVENTS; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => submit(n + index)));
    }

    const count = async (condition: string) => {
      const { rows } = await database.query<{ count: number }>(
        `select count(*)::int as count from deliveries where ${condition}`,
      );
      return rows[0]?.count ?? 0;
    };
    const failed = () => count("status = 'failed' and completed_at is not null");
    await expect
      .poll(async () => (await count('held')) + (await failed()), { timeout: PATIENCE_MS })
      .toBe(EVENTS);

    const { webhook } = await api.expect<{ webhook: Webhook }>(200, 'GET', path);
    expect(webhook).toMatchObject({
      status: 'disabled',
      failure_count: 10,
      disabled_reason: 'consecutive_failures',
    });
    const sentWhileFailing = receiver.received.length;
    expect(sentWhileFailing).toBe(await failed());
    const disabledAt = Date.parse(webhook.disabled_at ?? '');
    const late = receiver.received.filter(({ at }) => at > disabledAt + 1_000);
    expect(late).toEqual([]);
    const handle = operator.client.workflow.getHandle(`endpoint-health/${endpoint.id}`);
    expect((await handle.describe()).historyLength).toBeLessThan(100);

    receiver.answerAlways(200);
    await api.expect(200, 'POST', `${path}/enable`);
    await expect.poll(() => count('completed_at is null'), { timeout: PATIENCE_MS }).toBe(0);
    const drained = receiver.received.slice(sentWhileFailing);
    expect(drained).toHaveLength(EVENTS - sentWhileFailing);
    expect(new Set(drained.map(({ headers }) => headers['x-scendcore-delivery'])).size).toBe(drained.length);
    const times = drained.map(({ at }) => at);
    // Let go at the rate; what was let go may arrive a little closer together.
    expect(mostInASecond(times)).toBeLessThanOrEqual(DRAIN_PER_SECOND * 1.3);
    expect(await handle.result()).toMatchObject({ state: 'recovered' });
  },
  3 * PATIENCE_MS,
);
