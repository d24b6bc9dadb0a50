import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordingDependencies } from '../../src/activities/dependencies.js';
import { dayOf } from '../../src/domain/day.js';
import type { App } from '../../src/domain/app.js';
import { openTogether } from '../../src/activities/dispatch/open-events.js';
import { findVersionedApp, lockApp, updateApp } from '../../src/store/apps/apps.js';
import { deleteEndpoint, lockEndpoint } from '../../src/store/endpoints/endpoints.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { deliveriesOfWorkflow } from '../../src/store/deliveries/deliveries.js';
import { ensurePartitions } from '../../src/store/database/partitions.js';
import { inTransaction, type Pool } from '../../src/store/database/pool.js';
import { createRouting } from '../../src/store/endpoints/routing.js';
import { createSealer } from '../../src/store/secrets/sealer.js';
import type { Event } from '../support/api-client.js';
import { connectTo, createDatabase, openPool, type TestDatabase } from '../support/database.js';
import { eventInput, givenApp, givenEndpoint } from '../support/fixtures.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** The version of an application and its endpoints, what is read by it, and what it costs. */

const sealer = createSealer(randomBytes(32));

describe('the version', () => {
  let database: TestDatabase;
  let pool: Pool;
  let app: App;
  let endpoint: Endpoint;
  beforeAll(async () => {
    database = await createDatabase();
    pool = openPool(database.url, 5);
    await ensurePartitions(pool, new Date(), 1);
  });
  beforeEach(async () => {
    app = await givenApp(pool, 'standard');
    endpoint = await givenEndpoint(pool, sealer, app, { url: 'https://receiver.test/' });
  });
  const version = async () => (await findVersionedApp(pool, app.id))?.version;
  const renews = async (change: () => Promise<unknown>) => {
    const before = await version();
    await change();
    return (await version()) !== before;
  };

  /** Every column of an endpoint, with another value for it. */
  const RENEWING = {
    app_id: null,
    url: "'https://other.test/'",
    event_types: "'{tick}'",
    retry_limit: '1',
    schedule: "'[1]'",
    enabled: 'false',
    tripped: "'gone'",
    paused_at: 'now()',
    rate_limit: '1',
    max_in_flight: '1',
    secret: "'x'",
    headers: "'x'",
    previous_secrets: "'[1]'",
  };
  const OTHERS = {
    id: 'gen_random_uuid()',
    description: "'x'",
    metadata: "'[]'",
    disabled_at: 'now()',
    disabled_reason: "'x'",
    failure_count: '7',
    granted_days: `'{"2026-01-01":"2026-01-01T00:00:00Z"}'`,
    failing_since: 'now()',
    unwell: 'true',
    next_slot_at: 'now()',
    created_at: "now() - interval '1 day'",
    updated_at: "now() + interval '1 day'",
  };

  it('is decided upon for every column of an endpoint', async () => {
    const { rows } = await pool.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = 'endpoints'`,
    );
    expect(rows.map(({ name }) => name).toSorted()).toEqual(
      [...Object.keys(RENEWING), ...Object.keys(OTHERS)].toSorted(),
    );
  });

  it.each(Object.entries(RENEWING))('is another one after a change of `%s`', async (column, value) => {
    const other = value ?? `'${(await givenApp(pool, 'standard')).id}'`;
    const change = () => pool.query(`update endpoints set ${column} = ${other} where id = $1`, [endpoint.id]);
    expect(await renews(change)).toBe(true);
  });

  it.each(Object.entries(OTHERS))('is the same after a change of `%s`', async (column, value) => {
    const change = () => pool.query(`update endpoints set ${column} = ${value} where id = $1`, [endpoint.id]);
    expect(await renews(change)).toBe(false);
  });

  it('is another one after an endpoint was made or deleted, and after a change of the application', async () => {
    expect(await renews(() => givenEndpoint(pool, sealer, app, { url: 'https://another.test/' }))).toBe(true);
    expect(await renews(() => deleteEndpoint(pool, app.id, endpoint.id))).toBe(true);
    expect(await renews(() => updateApp(pool, app.id, { name: 'Other' }))).toBe(true);
    expect(await renews(() => updateApp(pool, app.id, { settings: { hold_hours: 1 } }))).toBe(true);
    expect(await renews(() => updateApp(pool, app.id, { name: 'Other' }))).toBe(false);
  });

  it('is the same after a change that was undone', async () => {
    const undone = () =>
      inTransaction(pool, async (client) => {
        await client.query('update endpoints set enabled = false where id = $1', [endpoint.id]);
        throw new Error('undone');
      });
    expect(await renews(() => undone().catch(() => undefined))).toBe(false);
  });

  it('keeps changes of other endpoints waiting for none that is under way, and locks nobody out', async () => {
    const other = await givenEndpoint(pool, sealer, app, { url: 'https://another.test/' });
    const pause = (id: string) => pool.query('update endpoints set paused_at = now() where id = $1', [id]);
    await inTransaction(pool, async (client) => {
      await client.query('update endpoints set enabled = false where id = $1', [endpoint.id]);
      await pause(other.id);
    });
    // Enabling locks the application before its endpoint, pausing only the endpoint.
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([
        pause(endpoint.id),
        inTransaction(pool, async (client) => {
          await lockApp(client, app.id);
          await lockEndpoint(client, app.id, endpoint.id);
          await client.query('update endpoints set paused_at = null where id = $1', [endpoint.id]);
        }),
      ]);
    }
  });

  it('opens an event that is never confirmed by what is held in its own transaction', async () => {
    const input = eventInput(app);
    const workflowId = `event/${app.id}/${input.eventId}`;
    let tries = 0;
    const deps = {
      pool,
      routing: createRouting(pool),
      speed: { of: () => 'fast' },
      dispatcher: {
        hasRoom: () => true,
        withPermits: (_n: number, _s: AbortSignal, work: (hasWaited: boolean) => unknown) => work(false),
        dispatch: () => new Map(),
      },
      log: {
        open: () => {
          tries += 1;
          return 'stale';
        },
      },
      now: () => new Date(),
      changes: { tell: () => undefined },
    } as unknown as RecordingDependencies;
    const toOpen = { event: input, workflowId, openedBy: randomUUID() };
    const opener = { mayAttempt: true, stops: new AbortController().signal };
    const [opened] = await openTogether(deps, app.id, [toOpen], { probing: false, opener });
    expect(tries).toBe(3);
    expect(opened).toMatchObject({ kind: 'opened', deliveries: [{ first: { kind: 'queued' } }] });
    const day = dayOf(new Date(input.acceptedAt));
    const stored = await deliveriesOfWorkflow(pool, { day, appId: app.id, id: input.eventId }, workflowId);
    expect(stored).toMatchObject([{ endpointId: endpoint.id, status: 'pending' }]);
  });
});

describe('the endpoints of an application', () => {
  const posthorn = sharedPosthorn();
  const { api } = posthorn;
  afterEach(() => vi.restoreAllMocks());

  /** How often they are read from now on, whoever asks. */
  function countReads(): () => number {
    const query = vi.spyOn(pg.Client.prototype, 'query');
    const texts = () =>
      query.mock.calls.map(([first]: unknown[]) =>
        typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''),
      );
    return () => texts().filter((text) => /from endpoints\s+where app_id = \$1\s+order by/.test(text)).length;
  }

  async function given(endpoints: number, webhook: Record<string, unknown>) {
    const receiver = await Receiver.start();
    const { app } = await api.createApp('standard', { settings: { schedule: [] } });
    for (let n = 0; n < endpoints; n += 1) {
      await api.createWebhook(app.id, { url: receiver.url, ...webhook });
    }
    return { receiver, app };
  }

  it('are read once for events of a type that nobody asks for', async () => {
    const { app } = await given(20, { event_types: ['something.else'] });
    const reads = countReads();
    const events = await Promise.all(
      Array.from({ length: 40 }, () => api.submit(app.id, { event_type: 'tick', data: {} })),
    );
    await Promise.all(events.map(({ id }) => api.eventThatIs('unmatched', app.id, id, 60_000)));
    expect(reads()).toBe(1);
  }, 90_000);

  it('are read once for the events that a batch does not deliver', async () => {
    const { app, receiver } = await given(1, {});
    receiver.answerAlways(500);
    const reads = countReads();
    const { events } = await api.expect<{ events: Event[] }>(202, 'POST', `/v1/apps/${app.id}/events/batch`, {
      events: Array.from({ length: 40 }, () => ({ event_type: 'tick', data: {} })),
    });
    await Promise.all(events.map(({ id }) => api.eventThatIs('failed', app.id, id, 60_000)));
    // Their failures disable the endpoint, which is a change.
    expect(reads()).toBeLessThanOrEqual(3);
  }, 90_000);

  it('may change all the time: events are opened nevertheless, each by what held then', async () => {
    const { app, receiver } = await given(1, {});
    const state = { isOver: false };
    const client = await connectTo(posthorn.databaseUrl);
    const changing = (async () => {
      for (let n = 1; !state.isOver; n += 1) {
        await client.query('update endpoints set retry_limit = $2 where app_id = $1', [app.id, n % 5]);
        await sleep(1);
      }
    })();
    const events = await Promise.all(
      Array.from({ length: 20 }, () => api.submit(app.id, { event_type: 'tick', data: {} })),
    );
    await Promise.all(events.map(({ id }) => api.eventThatIs('delivered', app.id, id, 60_000)));
    state.isOver = true;
    await changing;
    expect(receiver.received).toHaveLength(20);
  }, 90_000);
});
