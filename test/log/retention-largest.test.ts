import { randomBytes } from 'node:crypto';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi, type MockInstance } from 'vitest';
import type { App } from '../../src/domain/app.js';
import { DAY_MS, dayOf } from '../../src/domain/day.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { migrate } from '../../src/store/database/migrate.js';
import { daysOfLog, ensurePartitions } from '../../src/store/database/partitions.js';
import { createPool, type Pool } from '../../src/store/database/pool.js';
import { createSealer } from '../../src/store/secrets/sealer.js';
import {
  holdingEndpoints,
  overdueDeliveries,
  type DuePosition,
  type HoldingEndpoint,
  type HoldingPosition,
} from '../../src/store/deliveries/stuck-deliveries.js';
import type { Delivery, Event, Webhook } from '../support/api-client.js';
import { fillDay } from '../support/bulk-log.js';
import { connectTo, createDatabase, type TestDatabase } from '../support/database.js';
import { givenApp, givenEndpoint } from '../support/fixtures.js';
import { undoMigration, withLaterMigration } from '../support/migrations.js';
import { allPages } from '../support/pages.js';
import { Receiver } from '../support/receiver.js';
import { stopAfterwards } from '../support/stop-afterwards.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** A log of 400 days, the most that POSTHORN_RETENTION_DAYS may be: nothing takes more locks than PostgreSQL has. */

const RETENTION_DAYS = 400;
/**
 * `max_locks_per_transaction` for each of `max_connections` and of PostgreSQL's own processes, as it has them unless it is
 * told otherwise: the fewest, in version 14.
 */
const MOST_LOCKS = 64 * (100 + 22);
/** At a statement that is run again and again, each time with other days. */
const MOST_LOOKS = 5;
/** `last_triggered_at` is looked for in 31 days, lists look at 8 in a statement, and a delivery at those around its own. */
const MOST_DAYS = { ofAStatement: 31, ofADelivery: 3 };

const dayBefore = (days: number) => dayOf(new Date(Date.now() - days * DAY_MS));
const FILLED = [dayBefore(RETENTION_DAYS), dayBefore(RETENTION_DAYS / 2), dayBefore(0)];
const EVENTS_A_DAY = 60;

const encryptionKey = randomBytes(32);
let database: TestDatabase;
let pool: Pool;
let receiver: Receiver;
let app: App;
let endpoint: Endpoint;
beforeAll(async () => {
  database = await createDatabase();
  receiver = await Receiver.start();
  pool = createPool({
    databaseUrl: database.url,
    connections: 2,
    prepare: 'set synchronous_commit = off',
    logger: pino({ level: 'silent' }),
  });
  stopAfterwards(() => pool.end());
  // A day after the other, as they were made while they came.
  await ensurePartitions(pool, new Date(FILLED[0] ?? ''), RETENTION_DAYS + 7);
  app = await givenApp(pool, 'standard');
  endpoint = await givenEndpoint(pool, createSealer(encryptionKey), app, { url: receiver.url });
  for (const day of FILLED) {
    const some = { failed: 7, cancelled: 11, retrying: 13, unmatched: 5 };
    await fillDay(pool, { appId: app.id, endpointId: endpoint.id, day, events: EVENTS_A_DAY, ...some });
  }
  await pool.query(
    `insert into event_keys (app_id, event_id, content_hash, day, opened_by) select app_id, id, '', day, '' from events`,
  );
}, 120_000);

it(
  'a later migration gives deliveries a column and an index with the locks that PostgreSQL has',
  { timeout: 120_000 },
  async () => {
    const before = await schema();
    const later = await withLaterMigration({
      up: `alter table deliveries add column later boolean not null default false;
        create index deliveries_later on deliveries (app_id, created_at desc, id desc) where later`,
      down: `drop index deliveries_later;
        alter table deliveries drop column later`,
    });
    const locks = countLocksAtCommit();
    await migrate(database.url, pino({ level: 'silent' }), { folder: later.folder });
    const after = await schema();
    await undoMigration(database.url, later.folder);
    const counted = await locks.end();
    expect(after).toEqual(expect.arrayContaining([...before, 'later boolean']));
    expect(after.filter((line) => line.includes('deliveries_later'))).toHaveLength(1);
    expect(await schema()).toEqual(before);
    expect(counted).toHaveLength(2);
    expect(Math.min(...counted)).toBeGreaterThan(2 * RETENTION_DAYS);
    expect(Math.max(...counted)).toBeLessThan(MOST_LOCKS);
    expect((await daysOfLog(pool)).length).toBe(RETENTION_DAYS + 7);
  },
);

describe('with a log of that size', () => {
  let posthorn: TestPosthorn;
  let query: MockInstance;
  let path: string;
  beforeAll(async () => {
    query = vi.spyOn(pg.Client.prototype, 'query');
    posthorn = await startTestPosthorn({
      databaseUrl: database.url,
      encryptionKey,
      retentionDays: RETENTION_DAYS,
    });
    path = `/v1/apps/${app.id}`;
  });
  afterAll(() => vi.restoreAllMocks());

  /** The most days that one of the statements of this process plans for, from the one with that number on. */
  async function mostDaysSince(first: number): Promise<{ days: number; text: string }> {
    const statements = query.mock.calls.slice(first).map(statementOf);
    const client = await connectTo(database.url);
    let most = { days: 0, text: '' };
    const looks = new Map<string, number>();
    for (const { text, values } of statements) {
      const times = (looks.get(text) ?? 0) + 1;
      looks.set(text, times);
      if (times > MOST_LOOKS) continue;
      const days = await daysPlannedFor(client, text, values);
      if (days > most.days) most = { days, text };
    }
    return most;
  }

  async function idOn(day: string, status: string): Promise<{ id: string; event_id: string }> {
    const { rows } = await pool.query<{ id: string; event_id: string }>(
      'select id, event_id from deliveries where day = $1 and app_id = $2 and status = $3 order by id limit 1',
      [day, app.id, status],
    );
    return rows[0] ?? { id: '', event_id: '' };
  }

  it('events are delivered, retried and shown by statements that plan for their own days', async () => {
    const first = query.mock.calls.length;
    const event = await posthorn.api.submit(app.id, { event_type: 'a', data: 1 });
    await posthorn.api.eventThatIs('delivered', app.id, event.id);
    const webhook = { url: receiver.url, event_types: ['retried'], schedule: [86_400] };
    await posthorn.api.createWebhook(app.id, webhook);
    receiver.answer(500, 500);
    const { id } = await posthorn.api.submit(app.id, { event_type: 'retried', data: 1 });
    const waiting = await posthorn.api.eventWhen(
      app.id,
      id,
      ({ deliveries }) =>
        deliveries.length === 2 && deliveries.every(({ next_attempt_at }) => next_attempt_at !== null),
    );
    for (const each of waiting.deliveries) {
      await posthorn.api.expect(202, 'POST', `${path}/deliveries/${each.id}/retry`);
    }
    await posthorn.api.eventThatIs('delivered', app.id, id);
    expect((await mostDaysSince(first)).days).toBeLessThanOrEqual(MOST_DAYS.ofADelivery);
  });

  it('an endpoint with limits delivers within them, old events too, and says when it was triggered last', async () => {
    const limited = { url: receiver.url, event_types: ['limited'], rate_limit: 20, max_in_flight: 2 };
    const { id: webhookId } = await posthorn.api.createWebhook(app.id, limited);
    const first = query.mock.calls.length;
    const events = await Promise.all(
      Array.from({ length: 20 }, () => posthorn.api.submit(app.id, { event_type: 'limited', data: 1 })),
    );
    for (const { id } of events) await posthorn.api.eventThatIs('delivered', app.id, id);
    const { event_id } = await idOn(FILLED[0] ?? '', 'failed');
    await posthorn.api.expect(202, 'POST', `${path}/events/${event_id}/resend`, { webhook_id: webhookId });
    await posthorn.api.eventWhen(app.id, event_id, ({ deliveries }) =>
      deliveries.some(({ webhook_id, status }) => webhook_id === webhookId && status === 'delivered'),
    );
    // Its drain looks through all days for what waits, eight at a time.
    expect((await mostDaysSince(first)).days).toBeLessThanOrEqual(8);
    const { webhook } = await posthorn.api.expect<{ webhook: Webhook }>(
      200,
      'GET',
      `${path}/webhooks/${webhookId}`,
    );
    expect(webhook.last_triggered_at).not.toBeNull();
  });

  it.each(FILLED)('an event of %s is shown, resent, and its retry is made', async (day) => {
    const delivered = await idOn(day, 'delivered');
    const shown = await posthorn.api.event(app.id, delivered.event_id);
    expect(shown.deliveries[0]?.attempts).toHaveLength(1);
    await posthorn.api.expect(202, 'POST', `${path}/events/${delivered.event_id}/resend`, {
      webhook_id: endpoint.id,
    });
    await posthorn.api.eventWhen(
      app.id,
      delivered.event_id,
      ({ deliveries }) => deliveries.filter(({ status }) => status === 'delivered').length === 2,
    );
    const { rows } = await pool.query<{ id: string; event_id: string }>(
      'select id, event_id from deliveries where day = $1 and next_attempt_at > now() order by id limit 1',
      [day],
    );
    const retried = rows[0] ?? { id: '', event_id: '' };
    await posthorn.api.expect(202, 'POST', `${path}/deliveries/${retried.id}/retry`);
    await posthorn.api.eventThatIs('delivered', app.id, retried.event_id);
  });

  it.each([
    '',
    'event_type=user.created',
    ...['failed', 'pending', 'cancelled', 'unmatched', 'delivered'].map((each) => `status=${each}`),
  ])('the events with `%s` are listed, those of every day', async (query) => {
    const events = await list<Event>('events', query);
    expect(daysOf(events)).toEqual(expect.arrayContaining(FILLED));
  });

  it.each([
    '',
    'event_type=user.created',
    'reason=exhausted',
    'reason=cancelled',
    ...['failed', 'delivered'].map((each) => `status=${each}`),
  ])('the deliveries with `%s` are listed, those of every day', async (query) => {
    const deliveries = await list<Delivery>('deliveries', query);
    expect(daysOf(deliveries)).toEqual(expect.arrayContaining(FILLED));
    await list('deliveries', `${query}&webhook_id=${endpoint.id}`);
  });

  it('what is pending and processing is listed, of an endpoint too', async () => {
    await list('deliveries', 'status=pending');
    await list('deliveries', 'status=processing');
    await list(`webhooks/${endpoint.id}/deliveries`, 'status=failed');
  });

  it('what is overdue or held is found on every day, a page after the other', async () => {
    const client = await pool.connect();
    await client.query('begin');
    const found: string[] = [];
    // What waits until tomorrow.
    for (let after: DuePosition | null = null; ;) {
      const page = await overdueDeliveries(client, -2 * DAY_MS, after, 2);
      found.push(...page.map(({ id }) => id));
      after = page.at(-1)?.position ?? null;
      if (page.length < 2) break;
    }
    const { rows } = await client.query<{ id: string }>(
      'update deliveries set held = true where next_attempt_at > now() and day = any ($1::date[]) returning id',
      [FILLED],
    );
    expect(found).toEqual(expect.arrayContaining(rows.map(({ id }) => id)));
    expect(new Set(found).size).toBe(found.length);
    const held: HoldingEndpoint[] = [];
    for (let after: HoldingPosition | null = null; ;) {
      const [one]: Awaited<ReturnType<typeof holdingEndpoints>> = await holdingEndpoints(client, after, 1);
      if (!one) break;
      held.push(one);
      after = one.position;
    }
    const ours = held.filter(({ endpointId }) => endpointId === endpoint.id);
    expect(ours.map(({ oldest }) => oldest.day)).toEqual(FILLED);
    await client.query('rollback');
    client.release();
  });

  async function list<T>(of: string, query: string): Promise<T[]> {
    const parameters = Object.fromEntries(new URLSearchParams(query));
    const member = of.split('/').at(-1) ?? of;
    return (await allPages<T>(posthorn.api, `${path}/${of}`, member, { limit: '100', ...parameters })).flat();
  }
  const daysOf = (rows: readonly { created_at: string }[]) => [
    ...new Set(rows.map(({ created_at }) => created_at.slice(0, 10))),
  ];

  it(
    'a process starts, and the application is deleted with everything that it has',
    { timeout: 60_000 },
    async () => {
      await posthorn.restart();
      await posthorn.api.expect(204, 'DELETE', path);
      const left = async () => {
        const { rows } = await pool.query<{ left: number }>(
          `${OURS} select (select count(*) from events where app_id = $1)::int
           + (select count(*) from deliveries where app_id = $1)::int as left`,
          [app.id],
        );
        return rows[0]?.left;
      };
      await expect.poll(left, { timeout: 40_000 }).toBe(0);
    },
  );

  it('no statement planned for more days than a month', async () => {
    const { days, text } = await mostDaysSince(0);
    expect([days <= MOST_DAYS.ofAStatement, text]).toEqual([true, text]);
  });
});

function statementOf(call: unknown[]): { text: string; values: unknown[] } {
  const [first, values = []] = call as [string | { text?: string; values?: unknown[] }, unknown[]?];
  return typeof first === 'string' ? { text: first, values } : { text: '', values, ...first };
}

/** A statement of the test's own. */
const OURS = '/* ours */';
const OF_THE_LOG = /\b(from|join|update|into) (only )?(events|deliveries|attempts)\b/;

/** How many days PostgreSQL plans a statement for: those whose partitions it locks for that. */
async function daysPlannedFor(client: pg.Client, text: string, values: unknown[]): Promise<number> {
  if (!OF_THE_LOG.test(text) || /^(explain|\/\*)/.test(text)) return 0;
  await client.query('begin');
  await client.query(`explain ${text}`, values);
  const { rows } = await client.query<{ days: number }>(
    `select count(distinct right(relname, 8))::int as days from pg_locks l join pg_class c on c.oid = l.relation
     where l.pid = pg_backend_pid() and c.relkind = 'r' and c.relispartition`,
  );
  await client.query('rollback');
  return rows[0]?.days ?? 0;
}

/** What is locked, once whatever the modes. */
const LOCKS = `select count(distinct concat_ws('/', locktype, relation, classid, objid, transactionid, virtualxid))::int as n
  from pg_locks where pid = pg_backend_pid()`;

/** Counts, from now on, what each transaction of this process has locked when it is committed. */
function countLocksAtCommit() {
  const counted: Promise<number>[] = [];
  const query = Reflect.get(pg.Client.prototype, 'query') as (...given: unknown[]) => Promise<pg.QueryResult>;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    if (/^\s*commit/i.test(String(given[0]))) {
      const count = query.call(this, LOCKS);
      counted.push(count.then(({ rows: [row] }) => (row as { n: number }).n));
    }
    return query.apply(this, given);
  } as () => void);
  return {
    async end(): Promise<number[]> {
      spy.mockRestore();
      return Promise.all(counted);
    },
  };
}

/** What a day's deliveries have: columns and indexes. */
async function schema(): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select attname || ' ' || format_type(atttypid, atttypmod) as line from pg_attribute
     where attrelid = 'deliveries'::regclass and attnum > 0 and not attisdropped
     union all
     select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'deliveries'::regclass
     order by 1`,
  );
  return rows.map(({ line }) => line);
}
