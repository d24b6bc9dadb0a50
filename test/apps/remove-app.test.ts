import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { forEachConcurrent } from '../../src/lib/for-each-concurrent.js';
import { deliveryIdOf } from '../../src/domain/delivery-id.js';
import type { Pool } from '../../src/store/database/pool.js';
import type { removeApp } from '../../src/workflows/index.js';
import type { Event, Job } from '../support/api-client.js';
import { connectTo, createDatabase, openPool, waitingForLocks } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { hang, Receiver } from '../support/receiver.js';
import { scaled } from '../support/scale.js';
import { sharedOperator } from '../support/temporal.js';
import { sharedPosthorn, startTestPosthorn } from '../support/test-posthorn.js';

/** The deletion of an application ends its deliveries and removes its data, and nobody else's. */

/** It looks once more a minute after nothing was left. */
const REMOVED_WITHIN_MS = 100_000;

const operator = sharedOperator();

/** The tables with rows in which one of these texts occurs, in whatever column; but for the one that says what was deleted. */
async function tablesWith(pool: Pool, texts: readonly string[]): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'removed_ids' order by table_name`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query(
      `select from "${name}" t where exists (select from unnest($1::text[]) as x where strpos(t::text, x) > 0) limit 1`,
      [texts],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe('an application that is deleted', () => {
  const posthorn = sharedPosthorn();
  let receiver: Receiver;
  let pool: Pool;
  beforeAll(async () => {
    receiver = await Receiver.start();
    pool = openPool(posthorn.databaseUrl, 2);
  });

  /** An application with one of everything, and the ids of all that. */
  async function givenWithEverything() {
    const { api } = posthorn;
    const { app } = await api.createApp('standard');
    const path = `/v1/apps/${app.id}`;
    const submit = (event_type: string, more: Record<string, unknown> = {}) =>
      api.submit(app.id, { event_type, data: {}, ...more });
    const failing = await Receiver.start(500);
    const webhooks = await Promise.all([
      api.createWebhook(app.id, { url: receiver.url, event_types: ['good', 'later'] }),
      api.createWebhook(app.id, { url: failing.url, event_types: ['bad', 'lost'], schedule: [86_400] }),
      api.createWebhook(app.id, { url: receiver.url, event_types: ['held'], enabled: false }),
    ]);
    await api.expect(201, 'POST', `${path}/event-types`, { name: 'parcel.sent' });
    const events: Event[] = [
      await api.eventThatIs('delivered', app.id, (await submit('good')).id),
      await api.eventThatIs('unmatched', app.id, (await submit('nobody.wants.it')).id),
      await submit('held'),
      await submit('later', { deliver_at: new Date(Date.now() + 86_400_000).toISOString() }),
    ];
    for (const type of ['bad', 'lost']) {
      const { id } = await submit(type);
      const waits = (event: Required<Event>) => Boolean(event.deliveries[0]?.next_attempt_at);
      events.push(await api.eventWhen(app.id, id, waits));
    }
    const { job } = await api.expect<{ job: Job }>(
      202,
      'POST',
      `${path}/webhooks/${webhooks[0].id}/recover`,
      {
        since: '2026-01-01T00:00:00Z',
        status: 'all',
      },
    );
    const jobPath = `${path}/webhooks/${webhooks[0].id}/jobs/${job.id}`;
    await expect
      .poll(async () => (await api.expect<{ job: Job }>(200, 'GET', jobPath)).job, { timeout: 30_000 })
      .toMatchObject({ status: 'completed', done: 1 });
    const shown = async () => Promise.all(events.map(({ id }) => api.event(app.id, id)));
    const ids = (await shown()).flatMap(({ id, deliveries }) => [id, ...deliveries.map((each) => each.id)]);
    return { app, path, events, shown, ids: [app.id, ...webhooks.map(({ id }) => id), ...ids] };
  }

  it(
    'leaves no row but the mark of its deletion, whatever its deliveries were doing',
    { timeout: 180_000 },
    async () => {
      const [gone, kept] = await Promise.all([givenWithEverything(), givenWithEverything()]);
      const before = await kept.shown();
      const everywhere = await tablesWith(pool, gone.ids);
      expect(everywhere).toEqual(expect.arrayContaining(['api_keys', 'apps', 'endpoints', 'event_keys']));
      // Somebody has ended a workflow by hand, with an open delivery that nobody will end.
      await operator.client.workflow.getHandle(gone.events.at(-1)?.workflow_id ?? '').terminate();
      // An event that was dropped from the log has left its id, and a resend that came between a delivery.
      await pool.query(
        `insert into event_keys (app_id, event_id, content_hash, day, opened_by) values ($1, $2, '', '2020-01-01', '')`,
        [gone.app.id, randomUUID()],
      );
      const now = new Date();
      const stray = deliveryIdOf(now, 'resend', gone.ids[1] ?? '');
      await pool.query(
        `insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
         attempt_count, created_at)
       values ($1::timestamptz at time zone 'UTC', $2, $3, 'gone', 'good', $4, 'resend', 'resend/gone', 'pending', 1, $1)`,
        [now, stray, gone.app.id, gone.ids[1]],
      );
      await pool.query(
        `insert into attempts (day, delivery_id, number, started_at, slow, possibly_repeated)
       values ($1::timestamptz at time zone 'UTC', $2, 1, $1, false, false)`,
        [now, stray],
      );

      await posthorn.api.expect(204, 'DELETE', gone.path);
      const removal = operator.client.workflow.getHandle(`remove-app/${gone.app.id}`);
      // Beside what Temporal itself notes once a worker has had it.
      expect((await removal.describe()).typedSearchAttributes.getAll()).toContainEqual(
        expect.objectContaining({ value: gone.app.id }),
      );
      const ends = gone.events
        .slice(0, -1)
        .map(({ workflow_id }) => operator.client.workflow.getHandle(workflow_id).result());
      await Promise.all(ends);
      await expect.poll(() => tablesWith(pool, [...gone.ids, stray]), { timeout: 20_000 }).toEqual([]);
      expect(await kept.shown()).toEqual(before);
      expect(await tablesWith(pool, kept.ids)).toEqual(everywhere);

      // What was being written when it found nothing is found a minute later.
      await pool.query(
        `insert into event_keys (app_id, event_id, content_hash, day, opened_by) values ($1, 'late', '', now(), '')`,
        [gone.app.id],
      );
      await removal.result();
      expect(await tablesWith(pool, gone.ids)).toEqual([]);
      expect(await kept.shown()).toEqual(before);
    },
  );

  it('finishes an attempt in flight, and removes what came of it', { timeout: 60_000 }, async () => {
    const slow = await Receiver.start(hang);
    const { app } = await posthorn.api.createApp('standard');
    await posthorn.api.createWebhook(app.id, { url: slow.url });
    const event = await posthorn.api.submit(app.id, { event_type: 'a', data: 1 });
    await slow.gets(1);
    const { deliveries } = await posthorn.api.event(app.id, event.id);
    await posthorn.api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    const texts = [app.id, deliveries[0]?.id ?? ''];
    // It is on its way, and its row stays until it has ended.
    expect(await tablesWith(pool, texts)).toContainEqual(expect.stringContaining('deliveries'));
    await slow.stop();
    await expect.poll(() => tablesWith(pool, texts), { timeout: 40_000 }).toEqual([]);
    expect(slow.received).toHaveLength(1);
  });

  it('not by a removal that was started without it', async () => {
    const { app } = await posthorn.api.createApp('standard');
    const { id } = await posthorn.api.submit(app.id, { event_type: 'a', data: 1 });
    await posthorn.api.eventThatIs('unmatched', app.id, id);
    // As a deletion leaves it that could not be committed.
    await operator.client.workflow.execute<typeof removeApp>('removeApp', {
      workflowId: `remove-app/${app.id}`,
      taskQueue: posthorn.taskQueue,
      args: [app.id],
    });
    expect((await posthorn.api.event(app.id, id)).status).toBe('unmatched');
    await posthorn.api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    await expect.poll(() => tablesWith(pool, [app.id]), { timeout: 20_000 }).toEqual([]);
  });
});

it(
  'a process that is killed while it removes thousands of events is replaced by another that goes on',
  { timeout: REMOVED_WITHIN_MS },
  async () => {
    const database = await createDatabase();
    const environment = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: `test-${randomUUID()}` };
    const posthorn = await PosthornProcess.start('all', environment);
    const pool = openPool(database.url, 2);
    const { app } = await posthorn.api.createApp('standard');
    await pool.query(
      `with given as (select n::text as id from generate_series(1, 30000) n), keys as (
         insert into event_keys (app_id, event_id, content_hash, day, opened_by)
         select $1, id, '', now() at time zone 'UTC', '' from given
       )
       insert into events (day, app_id, id, event_type, body, created_at)
       select now() at time zone 'UTC', $1, id, 'a', '', now() from given`,
      [app.id],
    );
    const left = async () =>
      (await pool.query('select from events where app_id = $1', [app.id])).rowCount ?? 0;
    await posthorn.api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    await expect.poll(left, { interval: 5 }).toBeLessThan(30_000);
    await posthorn.kill();
    expect(await left()).toBeGreaterThan(0);
    await PosthornProcess.start('all', environment);
    await expect.poll(() => tablesWith(pool, [app.id]), { timeout: 60_000 }).toEqual([]);
  },
);

it(
  'its deletion takes nobody’s connections, however many of its endpoints hold deliveries',
  { timeout: 120_000 },
  async () => {
    const posthorn = await startTestPosthorn({ databaseConnections: 8 });
    const receiver = await Receiver.start();
    const { api } = posthorn;
    const { app } = await api.createApp('standard');
    const endpoints = await Promise.all(
      Array.from({ length: 30 }, (_, n) => api.createWebhook(app.id, { url: `${receiver.url}/${n}` })),
    );
    await Promise.all(
      endpoints.map(({ id }) => api.expect(200, 'POST', `/v1/apps/${app.id}/webhooks/${id}/pause`)),
    );
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    const isHeld = ({ deliveries }: Required<Event>) =>
      deliveries.length === endpoints.length &&
      deliveries.every(({ reason }) => reason === 'endpoint_paused');
    const event = await api.eventWhen(app.id, id, isHeld);

    // The deletion comes to its commit, and waits there for what somebody else holds.
    const somebody = await connectTo(posthorn.databaseUrl);
    await somebody.query('create table test_gate ()');
    await somebody.query(`create function test_wait() returns trigger language plpgsql as
      $$ begin lock table test_gate; return null; end $$`);
    await somebody.query(`create constraint trigger test_wait after delete on apps
      deferrable initially deferred for each row execute function test_wait()`);
    await somebody.query('begin');
    await somebody.query('lock table test_gate');
    const deleted = api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    const waiting: number[] = [];
    for (const until = Date.now() + 4_000; Date.now() < until; await sleep(50)) {
      waiting.push(await waitingForLocks(posthorn.databaseUrl));
    }
    // The deletion itself: nothing has been started for it yet.
    expect(Math.max(...waiting)).toBe(1);
    const other = await api.createApp('standard');
    await api.createWebhook(other.app.id, { url: receiver.url });
    const others = await api.submit(other.app.id, { event_type: 'a', data: 1 });
    await api.eventThatIs('delivered', other.app.id, others.id);

    await somebody.query('commit');
    await deleted;
    expect(await operator.client.workflow.getHandle(event.workflow_id).result()).toBeDefined();
    expect(receiver.received).toHaveLength(1);
  },
);

it(
  'its deletion leaves the requests of another application under a second, however many endpoints it has',
  { timeout: scaled(120_000, 600_000) },
  async () => {
    const posthorn = await startTestPosthorn();
    const receiver = await Receiver.start();
    const { api } = posthorn;
    const { app } = await api.createApp('standard');
    const path = `/v1/apps/${app.id}`;
    const numbers = Array.from({ length: scaled(100, 1_000) }, (_, n) => n);
    await forEachConcurrent(10, numbers, async (n) => {
      const { id } = await api.createWebhook(app.id, { url: `${receiver.url}/${n}` });
      await api.expect(200, 'POST', `${path}/webhooks/${id}/pause`);
    });
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    const held = async () => {
      const query = 'select from deliveries where app_id = $1 and held';
      return (await pool.query(query, [app.id])).rowCount;
    };
    const pool = openPool(posthorn.databaseUrl, 2);
    await expect.poll(held, { timeout: 60_000 }).toBe(numbers.length);
    const { workflow_id } = await api.event(app.id, id);

    const other = await api.createApp('standard');
    await api.createWebhook(other.app.id, { url: receiver.url });
    const deletion = api.expect(204, 'DELETE', path);
    const ended = operator.client.workflow.getHandle(workflow_id).result();
    let isOver = false;
    void Promise.all([deletion, ended]).finally(() => (isOver = true));
    const tookMs: number[] = [];
    for (let n = 0; !isOver || n < 20; n += 1) {
      const began = performance.now();
      const { status } = await api.call('POST', `/v1/apps/${other.app.id}/events`, {
        body: { event_type: 'a', data: n },
      });
      expect(status).toBe(202);
      tookMs.push(performance.now() - began);
      await sleep(20);
    }
    await Promise.all([deletion, ended]);
    expect(Math.max(...tookMs)).toBeLessThan(1_000);
  },
);
