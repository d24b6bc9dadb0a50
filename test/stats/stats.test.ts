import { beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/domain/day.js';
import { timeOf } from '../../src/store/database/log-clock.js';
import type { Pool } from '../../src/store/database/pool.js';
import { readStats, windowOf } from '../../src/store/stats/buckets.js';
import { forgetStatsBefore } from '../../src/store/stats/forget-stats.js';
import { computeMinutes } from '../../src/store/stats/minutes.js';
import { rollUp } from '../../src/store/stats/roll-up.js';
import type { ProblemBody } from '../support/api-client.js';
import { connectTo, openPool } from '../support/database.js';
import { explaining } from '../support/explained.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Statistics come from the log, a minute as a whole, and are the same however often they are computed. */

interface Bucket {
  start: string;
  events: number;
  delivered: number;
  failed: number;
  attempts: number;
  retried: number;
  p50_ms: number | null;
  p95_ms: number | null;
}

const posthorn = sharedPosthorn();
const { api } = posthorn;
let pool: Pool;
let receiver: Receiver;
beforeAll(async () => {
  pool = openPool(posthorn.databaseUrl, 3);
  receiver = await Receiver.start();
});

async function rollUpNow(): Promise<void> {
  const now = await timeOf(pool);
  await rollUp(pool, { now: () => now, retentionDays: 30 });
}

/** As if nothing had been computed for so many hours. */
async function computeAnew(hours: number): Promise<void> {
  await pool.query(
    `update roll_ups set until = date_trunc('minute', now() - make_interval(hours => $1)) where look = 'soon'`,
    [hours],
  );
  await rollUpNow();
}

async function stats(appId: string, query = 'interval=minute'): Promise<Bucket[]> {
  const path = `/v1/apps/${appId}/stats?${query}`;
  return (await api.expect<{ buckets: Bucket[] }>(200, 'GET', path)).buckets;
}

const COUNTS = ['events', 'delivered', 'failed', 'attempts', 'retried'] as const;

/** All counts of some buckets together, in the order of `COUNTS`. */
const sums = (buckets: readonly Bucket[]) =>
  COUNTS.map((name) => buckets.reduce((sum, bucket) => sum + bucket[name], 0));

/** Everything that was computed, as text. */
async function computed(): Promise<unknown[]> {
  const tables = ['event', 'delivery', 'attempt'].flatMap((what) => [`${what}_minutes`, `${what}_hours`]);
  const all = await Promise.all(
    tables.map((table) => pool.query(`select t::text as row from ${table} t order by 1`)),
  );
  return all.flatMap(({ rows }) => rows as unknown[]);
}

/** An application in which something of everything has happened. */
async function givenHistory() {
  const { app, key } = await api.createApp('standard');
  const flaky = await Receiver.start(200);
  flaky.answer(500);
  const failing = await Receiver.start(400);
  const [good, retried, bad, paused] = await Promise.all([
    api.createWebhook(app.id, { url: receiver.url, event_types: ['good', 'again'] }),
    api.createWebhook(app.id, { url: flaky.url, event_types: ['again'], schedule: [1] }),
    api.createWebhook(app.id, { url: failing.url, event_types: ['bad'], schedule: [] }),
    api.createWebhook(app.id, { url: receiver.url, event_types: ['held'] }),
  ]);
  await api.expect(200, 'POST', `/v1/apps/${app.id}/webhooks/${paused.id}/pause`);
  const submit = async (event_type: string, status: string) => {
    const { id } = await api.submit(app.id, { event_type, data: 1 });
    await api.eventThatIs(status, app.id, id);
    return id;
  };
  await submit('good', 'delivered');
  await submit('good', 'delivered');
  await submit('again', 'delivered');
  await submit('bad', 'failed');
  const unmatched = await submit('nobody', 'unmatched');
  await api.eventWhen(app.id, unmatched, ({ deliveries }) => deliveries.length === 0);
  const held = await submit('held', 'pending');
  await api.eventWhen(app.id, held, ({ deliveries }) => deliveries[0]?.reason === 'endpoint_paused');
  await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${held}/cancel`);
  await api.eventThatIs('cancelled', app.id, held);
  return { app, key, good, retried, bad, paused };
}

describe('the statistics of an application', () => {
  it('count what happened, for an endpoint and an event type too', { timeout: 60_000 }, async () => {
    const { app, key, good, retried, bad, paused } = await givenHistory();
    // An event is in the log a moment after the 202.
    await expect
      .poll(
        async () => {
          await rollUpNow();
          return sums(await stats(app.id))[0];
        },
        { timeout: 10_000 },
      )
      .toBe(6);
    const of = async (query: string) => sums(await stats(app.id, `interval=minute${query}`));
    expect(await of('')).toEqual([6, 4, 2, 6, 1]);
    expect(await of(`&webhook_id=${good.id}`)).toEqual([3, 3, 0, 3, 0]);
    expect(await of(`&webhook_id=${retried.id}`)).toEqual([1, 1, 0, 2, 1]);
    expect(await of(`&webhook_id=${bad.id}`)).toEqual([1, 0, 1, 1, 0]);
    // Cancelled: no attempt has ended it.
    expect(await of(`&webhook_id=${paused.id}`)).toEqual([1, 0, 1, 0, 0]);
    expect(await of('&event_type=again')).toEqual([1, 2, 0, 3, 1]);
    expect(await of('&event_type=nobody')).toEqual([1, 0, 0, 0, 0]);
    expect(await of(`&event_type=good&webhook_id=${good.id}`)).toEqual([2, 2, 0, 2, 0]);
    for (const interval of ['hour', 'day']) {
      expect(sums(await stats(app.id, `interval=${interval}`))).toEqual([6, 4, 2, 6, 1]);
    }

    const busy = (await stats(app.id)).filter(({ attempts }) => attempts > 0);
    for (const { p50_ms, p95_ms } of busy) expect(p95_ms ?? -1).toBeGreaterThanOrEqual(p50_ms ?? Infinity);
    const idle = (await stats(app.id)).filter(({ attempts }) => attempts === 0);
    expect(idle.every(({ p50_ms, p95_ms }) => p50_ms === null && p95_ms === null)).toBe(true);

    const { app: other } = await api.createApp('standard');
    expect(sums(await stats(other.id, `webhook_id=${good.id}`))).toEqual([0, 0, 0, 0, 0]);
    await api.with(key).expect(200, 'GET', `/v1/apps/${app.id}/stats`);
  });

  it('are the same when they are computed again, from however long ago', { timeout: 60_000 }, async () => {
    await givenHistory();
    await rollUpNow();
    const before = await computed();
    await computeAnew(2);
    expect(await computed()).toEqual(before);
    await Promise.all([computeAnew(1), computeAnew(3)]);
    expect(await computed()).toEqual(before);
  });

  it('are summed to hours once a later look has passed them', { timeout: 60_000 }, async () => {
    const { app } = await givenHistory();
    await expect
      .poll(async () => {
        await rollUpNow();
        return sums(await stats(app.id))[0];
      })
      .toBe(6);
    const now = await timeOf(pool);
    await rollUp(pool, { now: () => new Date(now.getTime() + 2 * 3_600_000), retentionDays: 30 });
    const { rows } = await pool.query<{ hours: number }>(
      'select sum(attempts)::int as hours from attempt_hours where app_id = $1',
      [app.id],
    );
    expect(rows[0]?.hours).toBe(6);
    for (const interval of ['minute', 'hour', 'day']) {
      expect(sums(await stats(app.id, `interval=${interval}`))).toEqual([6, 4, 2, 6, 1]);
    }
    await pool.query(`update roll_ups set until = date_trunc('hour', now() - interval '2 hours')`);
  });

  it('have every minute, hour and day, whole and in UTC', async () => {
    const { app } = await api.createApp('standard');
    const hours = await stats(
      app.id,
      'since=2026-04-16T10:59:59Z&until=2026-04-16T14:00:01%2B02:00&interval=hour',
    );
    expect(hours.map(({ start }) => start)).toEqual([
      '2026-04-16T10:00:00.000Z',
      '2026-04-16T11:00:00.000Z',
      '2026-04-16T12:00:00.000Z',
    ]);
    const days = await stats(app.id, 'since=2026-04-16T00:00:00Z&until=2026-04-18T00:00:00Z&interval=day');
    expect(days.map(({ start }) => start)).toEqual(['2026-04-16T00:00:00.000Z', '2026-04-17T00:00:00.000Z']);
    expect(await stats(app.id, 'since=2026-04-16T00:00:00Z&until=2026-04-16T00:00:00Z')).toEqual([]);
    expect(await stats(app.id)).toHaveLength(60);
    expect(await stats(app.id, '')).toHaveLength(24);
    expect(await stats(app.id, 'interval=day')).toHaveLength(30);
  });

  it('have 500 buckets at most', async () => {
    const { app } = await api.createApp('standard');
    const since = 'since=2026-04-16T00:00:00Z&interval=minute';
    expect(await stats(app.id, `${since}&until=2026-04-16T08:20:00Z`)).toHaveLength(500);
    const more = await api.call<ProblemBody>(
      'GET',
      `/v1/apps/${app.id}/stats?${since}&until=2026-04-16T08:20:01Z`,
    );
    expect([more.status, more.body.errors?.[0]?.parameter]).toEqual([400, 'since']);
  });

  it.each([
    ['interval', 'week'],
    ['since', 'yesterday'],
    ['webhook_id', 'x'],
    ['event_type', ''],
  ])('400: %s=%s', async (parameter, value) => {
    const { app } = await api.createApp('standard');
    const { status, body } = await api.call<ProblemBody>(
      'GET',
      `/v1/apps/${app.id}/stats?${parameter}=${value}`,
    );
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, parameter]);
  });
});

describe('computing them', () => {
  it('is done by one process; another one does not wait for it', async () => {
    const client = await connectTo(posthorn.databaseUrl);
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(7081546)');
    const { app } = await api.createApp('standard');
    const { id } = await api.submit(app.id, { event_type: 'good', data: 1 });
    await api.eventWhen(app.id, id, () => true);
    await rollUpNow();
    expect(sums(await stats(app.id))).toEqual([0, 0, 0, 0, 0]);
    await client.query('commit');
    await expect
      .poll(async () => {
        await rollUpNow();
        return sums(await stats(app.id))[0];
      })
      .toBe(1);
  });

  it('reads nothing without an index', async () => {
    const { db, plans } = await explaining(posthorn.databaseUrl);
    await db.query('begin');
    const now = new Date();
    await computeMinutes(db, windowOf('minute', new Date(now.getTime() - 60_000), now));
    await readStats(db, { appId: '0b0e7c1e-6a0e-8d0c-9d9b-0d6f0b8a1c11' }, windowOf('day', now, now));
    await db.query('rollback');
    expect(plans.length).toBeGreaterThan(6);
    for (const plan of plans) expect(plan).not.toContain('Seq Scan');
  });

  it('counts late what was written late', async () => {
    const { app } = await api.createApp('standard');
    const { id } = await api.submit(app.id, { event_type: 'late', data: 1 });
    await api.eventThatIs('unmatched', app.id, id);
    await expect
      .poll(async () => (await pool.query('select from event_keys where event_id = $1', [id])).rowCount)
      .toBe(1);
    // As if it had been accepted when PostgreSQL was away, twenty minutes ago; just after midnight that was yesterday.
    const { rows } = await pool.query<{ isToday: boolean }>(
      `select (now() at time zone 'UTC')::date = ((now() - interval '20 minutes') at time zone 'UTC')::date as "isToday"`,
    );
    if (rows[0]?.isToday !== true) return;
    await pool.query(`update events set created_at = now() - interval '20 minutes' where id = $1`, [id]);
    await pool.query(
      `update roll_ups set until = date_trunc('minute', now() - interval '30 minutes') where look = 'late'`,
    );
    await rollUpNow();
    expect(sums(await stats(app.id, 'interval=minute&event_type=late'))[0]).toBe(1);
  });
});

describe('they go', () => {
  it('with the days that have expired', async () => {
    await givenHistory();
    await rollUpNow();
    await forgetStatsBefore(pool, new Date(Date.now() + DAY_MS));
    expect(await computed()).toEqual([]);
  });

  it('with their application', { timeout: 60_000 }, async () => {
    const { app } = await givenHistory();
    await expect
      .poll(async () => {
        await rollUpNow();
        return sums(await stats(app.id))[0];
      })
      .toBe(6);
    await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    const left = async () => {
      const { rows } = await pool.query<{ left: number }>(
        `select (select count(*) from event_minutes where app_id = $1)::int
           + (select count(*) from delivery_minutes where app_id = $1)::int
           + (select count(*) from attempt_hours where app_id = $1)::int
           + (select count(*) from attempt_minutes where app_id = $1)::int as left`,
        [app.id],
      );
      return rows[0]?.left;
    };
    await expect.poll(left, { timeout: 30_000, interval: 200 }).toBe(0);
  });
});
