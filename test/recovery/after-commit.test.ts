import type pg from 'pg';
import { beforeAll, expect, inject, it } from 'vitest';
import type { ApiClient, Delivery, Event, Job } from '../support/api-client.js';
import { connectTo } from '../support/database.js';
import { Proxy } from '../support/proxy.js';
import { Receiver } from '../support/receiver.js';
import { sharedOperator } from '../support/temporal.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** No change needs Temporal: it is told afterwards, and what it was not told is found in the log (0029). */

const PATIENCE = { timeout: 60_000 };

let temporal: Proxy;
let posthorn: TestPosthorn;
let api: ApiClient;
let database: pg.Client;
let receiver: Receiver;
const operator = sharedOperator();
beforeAll(async () => {
  temporal = await Proxy.before(inject('temporalAddress'));
  posthorn = await startTestPosthorn({
    temporalAddress: temporal.address,
    lookAfter: { everyMs: 300, overdueMs: 2_000 },
  });
  api = posthorn.api;
  database = await connectTo(posthorn.databaseUrl);
  receiver = await Receiver.start();
});

/** An application with an endpoint that holds a delivery. */
async function givenHeld() {
  const { app } = await api.createApp('standard');
  const { id } = await api.createWebhook(app.id, { url: receiver.url });
  const path = `/v1/apps/${app.id}/webhooks/${id}`;
  await api.expect(200, 'POST', `${path}/pause`);
  const event = await api.submit(app.id, { event_type: 'tick', data: {} });
  const isHeld = ({ deliveries: [first] }: Required<Event>) => first?.reason === 'endpoint_paused';
  await api.eventWhen(app.id, event.id, isHeld);
  return { app, event, path };
}

const rowsOf = async (appId: string) =>
  (await database.query('select from events where app_id = $1', [appId])).rowCount;

it(
  'while Temporal is away changes are made, and carried out when it is back',
  { timeout: 180_000 },
  async () => {
    const [resumed, deleted, gone] = [await givenHeld(), await givenHeld(), await givenHeld()];
    const recovered = await api.createApp('standard');
    const failing = await Receiver.start(500);
    const lost = await api.createWebhook(recovered.app.id, { url: failing.url, schedule: [] });
    const { id } = await api.submit(recovered.app.id, { event_type: 'tick', data: {} });
    await api.eventThatIs('failed', recovered.app.id, id);
    failing.answerAlways(200);

    temporal.cut();
    await api.expect(200, 'POST', `${resumed.path}/resume`);
    await api.expect(204, 'DELETE', deleted.path);
    await api.expect(204, 'DELETE', `/v1/apps/${gone.app.id}`);
    const lostPath = `/v1/apps/${recovered.app.id}/webhooks/${lost.id}`;
    const { job } = await api.expect<{ job: Job }>(202, 'POST', `${lostPath}/recover`, {
      since: new Date(Date.now() - 600_000).toISOString(),
    });
    expect(receiver.received).toHaveLength(0);

    temporal.restore();
    await api.eventThatIs('delivered', resumed.app.id, resumed.event.id, PATIENCE.timeout);
    const ended = await api.eventThatIs('failed', deleted.app.id, deleted.event.id, PATIENCE.timeout);
    expect((ended.deliveries[0] as Delivery).reason).toBe('endpoint_deleted');
    await expect.poll(() => rowsOf(gone.app.id), PATIENCE).toBe(0);
    await expect
      .poll(() => api.expect(200, 'GET', `${lostPath}/jobs/${job.id}`), PATIENCE)
      .toMatchObject({ job: { status: 'completed', done: 1 } });
    expect([receiver.received.length, failing.received.length]).toEqual([1, 2]);
  },
);

it('a removal that somebody terminated begins again', { timeout: 120_000 }, async () => {
  const { app } = await givenHeld();
  // It holds the removal up: nobody can write its rows.
  await database.query('begin');
  await database.query('select from deliveries where app_id = $1 for update', [app.id]);
  await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
  const removal = operator.client.workflow.getHandle(`remove-app/${app.id}`);
  const first = await removal.describe();
  await removal.terminate();
  await database.query('commit');
  await expect.poll(() => rowsOf(app.id), PATIENCE).toBe(0);
  expect((await removal.describe()).runId).not.toBe(first.runId);
  expect(posthorn.log.some((line) => line.includes(app.id) && line.includes('the removal of'))).toBe(true);
});
