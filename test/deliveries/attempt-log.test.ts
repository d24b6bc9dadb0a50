import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { concludeLostActivity } from '../../src/activities/attempt/close-delivery.js';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { deliveryIdOf } from '../../src/domain/delivery-id.js';
import type { Attempt } from '../../src/domain/attempt.js';
import { DAY_MS, dayOf } from '../../src/domain/day.js';
import type { App } from '../../src/domain/app.js';
import { attemptsOf } from '../../src/store/attempts/attempt-lists.js';
import { recordAttempt, type DeliveryChange } from '../../src/store/attempts/attempts.js';
import { beginAttempt } from '../../src/store/attempts/begin-attempt.js';
import { beginFirstAttempts } from '../../src/store/attempts/begin-first-attempts.js';
import { bringForward } from '../../src/store/deliveries/bring-forward.js';
import { closeDelivery } from '../../src/store/deliveries/close-delivery.js';
import { findDelivery } from '../../src/store/deliveries/deliveries.js';
import { admitDelivery, grant } from '../../src/store/endpoints/endpoint-limits.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { findEndpointWithActivity } from '../../src/store/endpoints/endpoints.js';
import { openEvents } from '../../src/store/events/event-openings.js';
import { findEvent } from '../../src/store/events/events.js';
import { createLogWriter } from '../../src/store/attempts/log-writer.js';
import { recordAttempts, type EndedAttempt } from '../../src/store/attempts/record-attempts.js';
import { heldDeliveries, holdDelivery, markReleased } from '../../src/store/deliveries/held-deliveries.js';
import { dayOfPartition, ensurePartitions } from '../../src/store/database/partitions.js';
import { inTransaction, type Pool, type Queryable } from '../../src/store/database/pool.js';
import { createSealer } from '../../src/store/secrets/sealer.js';
import { countedOnly } from '../../src/domain/health-rule.js';
import { findVersionedApp } from '../../src/store/apps/apps.js';
import { createDatabase, openPool, waitingForLocks, type TestDatabase } from '../support/database.js';
import { givenApp, givenEndpoint } from '../support/fixtures.js';

/** The log decides: which attempt is the next, what is lost, and that nothing is written twice. */

let database: TestDatabase;
let pool: Pool;
let app: App;
let endpoint: Endpoint;
let routesVersion: string;
let eventId: string;
let delivery: string;
const now = new Date();

beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.url, 5);
  await ensurePartitions(pool, now, 1);
  app = await givenApp(pool, 'standard');
});

/** An event with one delivery, as the run of a workflow opens it. */
function openingOf(eventId: string, runId: string = randomUUID(), begun = false) {
  const workflowId = `event/${app.id}/${eventId}`;
  return {
    appId: app.id,
    routesVersion,
    eventId,
    eventType: 'tick',
    acceptedAt: now,
    contentHash: createHash('sha256').update(eventId).digest(),
    body: Buffer.from('{}'),
    trigger: 'event' as const,
    notBefore: null,
    expiresAt: null,
    workflowId,
    openedBy: runId,
    deliveries: [
      { id: deliveryIdOf(now, workflowId, endpoint.id), endpointId: endpoint.id, begun, queued: !begun },
    ],
  };
}

/** The delivery of an event that has been opened, and not attempted. */
async function opened(id = `msg_${randomUUID()}`): Promise<string> {
  const opening = openingOf(id);
  expect(await openEvents(pool, [opening], now)).toEqual(['opened']);
  return opening.deliveries[0]?.id ?? '';
}

beforeEach(async () => {
  endpoint = await givenEndpoint(pool, createSealer(randomBytes(32)), app, { url: 'https://receiver.test/' });
  routesVersion = (await findVersionedApp(pool, app.id))?.version ?? '';
  eventId = `msg_${randomUUID()}`;
  delivery = await opened(eventId);
});

const attempt = (number: number, more: Partial<Attempt> = {}): Attempt => ({
  number,
  startedAt: now,
  durationMs: 5,
  statusCode: 500,
  error: null,
  slow: false,
  possiblyRepeated: false,
  responseBody: '',
  ...more,
});
const willBeRetried = { status: 'failed', reason: null, nextAttemptAt: now } as const;
const delivered = { status: 'delivered', reason: null, nextAttemptAt: null } as const;
const record = (ended: Attempt, change: DeliveryChange) =>
  recordAttempt(pool, delivery, ended, change, countedOnly);
/** All of them at the same time. */
const recordAll = (ended: readonly EndedAttempt[]) => {
  const log = createLogWriter(pool, () => now);
  return Promise.all(ended.map((each) => log.record(each)));
};
const hold = () => holdDelivery(pool, delivery, now);
const begin = (number: number) => beginAttempt(pool, delivery, number, now);
const attempts = async () => (await attemptsOf(pool, dayOf(now), [delivery])).get(delivery) ?? [];
const standing = () => findDelivery(pool, app.id, delivery);
const failureCount = async () => (await findEndpointWithActivity(pool, app.id, endpoint.id))?.failureCount;

describe("PostgreSQL plans for a delivery's own day alone", () => {
  const ended = (): EndedAttempt => ({
    deliveryId: delivery,
    attempt: attempt(1),
    change: willBeRetried,
    rule: countedOnly,
  });
  const held = () => ({ id: delivery, day: dayOf(now), workflowId: 'w', holdCount: 1, isGranted: false });
  const statements = {
    openEvents: (db) => openEvents(db, [openingOf(`msg_${randomUUID()}`)], now),
    beginFirstAttempts: (db) => beginFirstAttempts(db, [delivery], routesVersion, now),
    beginAttempt: (db) => beginAttempt(db, delivery, 1, now),
    recordAttempts: (db) => recordAttempts(db, [ended()]),
    recordAttempt: (db) => recordAttempt(db, delivery, attempt(1), willBeRetried, countedOnly),
    bringForward: (db) => bringForward(db, delivery, now),
    holdDelivery: (db) => holdDelivery(db, delivery, now),
    grant: (db) => grant(db, endpoint.id, [held()]),
    markReleased: (db) => markReleased(db, [{ ...held(), reason: 'endpoint_paused' }]),
    closeDelivery: (db) => closeDelivery(db, delivery, 'cancelled', now),
    findEvent: (db) => findEvent(db, app.id, eventId),
    findDelivery: (db) => findDelivery(db, app.id, delivery),
  } satisfies Record<string, (db: Queryable) => Promise<unknown>>;

  beforeAll(() => ensurePartitions(pool, new Date(now.getTime() - 2 * DAY_MS), 2));

  // It locks every partition that it plans for.
  it.each(Object.entries(statements))('in %s', async (_name, run) => {
    await inTransaction(pool, async (db) => {
      await run(db);
      const { rows } = await db.query<{ partition: string }>(
        `select relname as partition from pg_locks l join pg_class c on c.oid = l.relation
         where pid = pg_backend_pid() and relispartition and relkind = 'r'`,
      );
      expect(new Set(rows.map(({ partition }) => dayOfPartition(partition)))).toEqual(new Set([dayOf(now)]));
    });
  });
});

describe('beginning an attempt', () => {
  it('whose predecessors were never begun burns none of them', async () => {
    expect(await begin(3)).toMatchObject({ kind: 'not_now', next: 1 });
    expect(await attempts()).toEqual([]);
    expect(await standing()).toMatchObject({ attemptCount: 0 });
  });

  it('again, without an outcome of the first time, marks it as possibly repeated', async () => {
    expect(await begin(1)).toMatchObject({ kind: 'begun', attempt: { possiblyRepeated: false } });
    expect(await begin(1)).toMatchObject({ kind: 'begun', attempt: { possiblyRepeated: true } });
  });

  it('again, after a hold in between, marks it as possibly repeated too', async () => {
    await begin(1);
    await pool.query('update endpoints set enabled = false where id = $1', [endpoint.id]);
    expect(await begin(1)).toEqual({ kind: 'endpoint_blocked' });
    expect(await hold()).toEqual({ expiresAt: new Date(now.getTime() + 72 * 3_600_000) });
    await pool.query('update endpoints set enabled = true where id = $1', [endpoint.id]);
    expect(await begin(1)).toMatchObject({ kind: 'begun', attempt: { possiblyRepeated: true } });
  });

  it('that is in the log leads to the next one, at its time', async () => {
    await begin(1);
    const later = new Date(now.getTime() + 60_000);
    await record(attempt(1), { ...willBeRetried, nextAttemptAt: later });
    expect(await begin(1)).toMatchObject({ kind: 'not_now', next: 2, at: later });
    expect(await begin(2)).toMatchObject({ kind: 'not_now', next: 2, at: later });
  });

  it('after one that left no outcome waits for the delay of its schedule, and says so', async () => {
    await begin(1);
    const due = new Date(now.getTime() + 60_000);
    const early = await beginAttempt(pool, delivery, 2, now, { afterLossMs: 60_000 });
    expect(early).toMatchObject({ kind: 'not_now', next: 2, at: due });
    expect((await attempts())[0]?.error).toMatch(/^worker_lost: /);
    expect(await standing()).toMatchObject({ status: 'failed', attemptCount: 1, nextAttemptAt: due });
    expect(await beginAttempt(pool, delivery, 2, due, { afterLossMs: 60_000 })).toMatchObject({
      kind: 'begun',
    });
    expect(await attempts()).toHaveLength(1);
  });

  it('after one that left no outcome marks that as lost', async () => {
    await begin(1);
    expect(await begin(2)).toMatchObject({ kind: 'begun' });
    expect(await attempts()).toMatchObject([{ number: 1, statusCode: null, durationMs: null }]);
    expect((await attempts())[0]?.error).toMatch(/^worker_lost: /);
  });
});

describe('an attempt that was begun twice', () => {
  const marked = [{ number: 1, possiblyRepeated: true }];
  beforeEach(async () => {
    await begin(1);
    expect(await begin(1)).toMatchObject({ kind: 'begun', attempt: { possiblyRepeated: true } });
  });

  it('is marked when it was lost both times, and the next one is not', async () => {
    expect(await begin(2)).toMatchObject({ kind: 'begun', attempt: { possiblyRepeated: false } });
    expect((await attempts())[0]?.error).toMatch(/^worker_lost: /);
    await record(attempt(2, { statusCode: 200 }), delivered);
    expect(await attempts()).toMatchObject([...marked, { number: 2, possiblyRepeated: false }]);
  });

  it('is marked when it was lost both times, and the next one comes too early', async () => {
    expect(await beginAttempt(pool, delivery, 2, now, { afterLossMs: 60_000 })).toMatchObject({ next: 2 });
    expect(await attempts()).toMatchObject(marked);
  });

  it('is marked when it was lost both times, and was the last', async () => {
    await closeDelivery(pool, delivery, 'exhausted', now, { lost: 1 });
    expect(await attempts()).toMatchObject(marked);
  });

  it('is marked when it comes to an end after it was taken as lost', async () => {
    await begin(2);
    await record(attempt(1, { statusCode: 200 }), delivered);
    expect(await attempts()).toMatchObject([{ ...marked[0], statusCode: 200, error: null }]);
  });

  // Who sent it the second time may be lost.
  it.each([
    ['alone', (ended: EndedAttempt) => record(ended.attempt, ended.change)],
    ['with others', (ended: EndedAttempt) => recordAll([ended])],
  ])('is marked when the answer to the first is recorded, %s', async (_how, recordIt) => {
    const ended = { deliveryId: delivery, attempt: attempt(1), change: willBeRetried, rule: countedOnly };
    await recordIt(ended);
    expect(await attempts()).toMatchObject(marked);
    expect(await begin(2)).toMatchObject({ kind: 'begun', attempt: { possiblyRepeated: false } });
  });
});

it('an attempt that may have been sent without the log’s knowing is marked when it is lost too', async () => {
  const { attempt: begun } = (await beginAttempt(pool, delivery, 1, now, { mayRepeat: true })) as {
    attempt?: unknown;
  };
  expect(begun).toMatchObject({ possiblyRepeated: true });
  await begin(2);
  expect(await attempts()).toMatchObject([{ number: 1, possiblyRepeated: true }]);
});

describe('an attempt whose answer is recorded while it is begun a second time', () => {
  beforeEach(() => begin(1));

  it.each([
    [
      'alone',
      (ended: EndedAttempt) => recordAttempt(pool, delivery, ended.attempt, ended.change, ended.rule),
    ],
    ['with others', (ended: EndedAttempt) => recordAll([ended])],
  ])('is marked when it was begun before, and recorded %s', async (_how, recordIt) => {
    const ended = { deliveryId: delivery, attempt: attempt(1), change: willBeRetried, rule: countedOnly };
    const recorded = await inTransaction(pool, async (client) => {
      await beginAttempt(client, delivery, 1, now);
      const recording = recordIt(ended);
      await expect.poll(() => waitingForLocks(database.url)).toBe(1);
      return { recording };
    });
    await recorded.recording;
    expect(await attempts()).toMatchObject([{ number: 1, possiblyRepeated: true }]);
  });

  it('is not begun when that was recorded before: the next one is', async () => {
    const begun = await inTransaction(pool, async (client) => {
      await recordAttempt(client, delivery, attempt(1), willBeRetried, countedOnly);
      const beginning = begin(1);
      await expect.poll(() => waitingForLocks(database.url)).toBe(1);
      return { beginning };
    });
    expect(await begun.beginning).toMatchObject({ kind: 'not_now', next: 2 });
    expect(await attempts()).toMatchObject([{ number: 1, possiblyRepeated: false }]);
  });
});

describe('a hold for want of room in the process', () => {
  const holdForRoom = (id = delivery) =>
    inTransaction(pool, (client) => admitDelivery(client, id, now, { isFull: true }));

  it('is the first again when it is attempted again: whoever held it may have died before starting the drain', async () => {
    const other = await opened();
    expect(await holdForRoom()).toMatchObject({ kind: 'held', isFirst: true });
    expect(await holdForRoom(other)).toMatchObject({ kind: 'held', isFirst: false });
    expect(await holdForRoom()).toMatchObject({ kind: 'held', isFirst: true });
  });

  it('is for what may begin', async () => {
    expect(await holdForRoom()).toMatchObject({ kind: 'held', isFirst: true });
    expect(await standing()).toMatchObject({ status: 'pending', reason: 'at_capacity' });
  });

  it('does not take the time of a retry from what waits for it', async () => {
    await begin(1);
    const due = new Date(now.getTime() + 60_000);
    await record(attempt(1), { ...willBeRetried, nextAttemptAt: due });
    expect(await holdForRoom()).toEqual({ kind: 'again' });
    expect(await standing()).toMatchObject({ status: 'failed', nextAttemptAt: due });
  });

  it('does not take an attempt that is under way from whoever makes it', async () => {
    await begin(1);
    expect(await holdForRoom()).toEqual({ kind: 'again' });
    await record(attempt(1), { ...willBeRetried, nextAttemptAt: now });
    expect(await standing()).toMatchObject({ status: 'failed', attemptCount: 1 });
  });

  it('is also for an attempt that was lost with its worker', async () => {
    await beginAttempt(pool, delivery, 1, new Date(now.getTime() - 61_000));
    expect(await holdForRoom()).toMatchObject({ kind: 'held' });
  });
});

describe('recording an outcome', () => {
  it('twice changes nothing, not the failure count either', async () => {
    await begin(1);
    const failed = { status: 'failed', reason: 'refused', nextAttemptAt: null } as const;
    await record(attempt(1), failed);
    await record(attempt(1), failed);
    expect(await attempts()).toHaveLength(1);
    expect(await failureCount()).toBe(1);
  });

  it('late, once the delivery is held, leaves it held', async () => {
    await begin(1);
    await record(attempt(1), willBeRetried);
    await pool.query('update endpoints set enabled = false where id = $1', [endpoint.id]);
    await hold();
    await record(attempt(1), willBeRetried);
    expect(await standing()).toMatchObject({ status: 'pending', reason: 'endpoint_disabled' });
  });

  it('of an attempt given up as lost takes its place; a success completes the delivery', async () => {
    await begin(1);
    await begin(2);
    await record(attempt(1, { statusCode: 200 }), delivered);
    expect(await attempts()).toMatchObject([{ number: 1, statusCode: 200, error: null }]);
    expect(await standing()).toMatchObject({ status: 'delivered', attemptCount: 2 });
  });

  it('of a success after the loss had ended the delivery corrects it, and the failure count', async () => {
    await begin(1);
    await closeDelivery(pool, delivery, 'exhausted', now, { lost: 1 });
    expect(await standing()).toMatchObject({ status: 'failed', reason: 'exhausted' });
    expect(await failureCount()).toBe(1);
    await record(attempt(1, { statusCode: 204 }), delivered);
    expect(await standing()).toMatchObject({ status: 'delivered', reason: null });
    expect(await failureCount()).toBe(0);
  });

  it('by two who both sent it keeps the success, and says that it was sent twice', async () => {
    await begin(1);
    await record(attempt(1), willBeRetried);
    await record(attempt(1, { statusCode: 200, possiblyRepeated: true }), delivered);
    expect(await attempts()).toMatchObject([{ statusCode: 200, possiblyRepeated: true }]);
    expect(await standing()).toMatchObject({ status: 'delivered' });
  });

  it('by two who both sent it does not let a failure replace a success', async () => {
    await begin(1);
    await record(attempt(1, { statusCode: 200 }), delivered);
    await record(attempt(1, { possiblyRepeated: true }), willBeRetried);
    expect(await attempts()).toMatchObject([{ statusCode: 200, possiblyRepeated: true }]);
    expect(await standing()).toMatchObject({ status: 'delivered' });
  });
});

describe('closing', () => {
  it('for a lost last attempt that was never begun leaves the delivery open', async () => {
    expect(await closeDelivery(pool, delivery, 'exhausted', now, { lost: 1 })).toMatchObject({
      standing: { status: null, attemptCount: 0 },
      change: null,
    });
  });

  it('for a lost last attempt that the log has not begun, or has forgotten, has it made and marked', async () => {
    const concludeLost = concludeLostActivity({ pool, now: () => now } as Dependencies);
    expect(await concludeLost(delivery, 1)).toMatchObject({ kind: 'retry', next: 1, mayRepeat: true });
  });

  it('twice changes nothing', async () => {
    await begin(1);
    await closeDelivery(pool, delivery, 'exhausted', now, { lost: 1 });
    await closeDelivery(pool, delivery, 'cancelled', now);
    expect(await standing()).toMatchObject({ reason: 'exhausted' });
    expect(await failureCount()).toBe(1);
  });
});

describe('releasing', () => {
  it('is of one hold: a delivery that is held again meanwhile stays held', async () => {
    const switchTo = (enabled: boolean) =>
      pool.query('update endpoints set enabled = $2 where id = $1', [endpoint.id, enabled]);
    await switchTo(false);
    await hold();
    await switchTo(true);
    const page = await heldDeliveries(pool, endpoint.id, { untold: new Set(), limit: 10 });
    expect(page).toHaveLength(1);
    await switchTo(false);
    await hold();
    await markReleased(pool, page);
    await switchTo(true);
    const again = await heldDeliveries(pool, endpoint.id, { untold: new Set(), limit: 10 });
    expect(again).toHaveLength(1);
    await markReleased(pool, again);
    expect(await heldDeliveries(pool, endpoint.id, { untold: new Set(), limit: 10 })).toEqual([]);
  });
});

describe('outcomes that are written together', () => {
  const exhausted = { status: 'failed', reason: 'exhausted', nextAttemptAt: null } as const;
  const ok = { statusCode: 200 };

  it('are what each would have been alone: delivered, to be retried, failed, repeated, and found after all', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, opened));
    const [good = '', later = '', failed = '', repeated = '', found = ''] = ids;
    for (const id of ids) await beginAttempt(pool, id, 1, now);
    await recordAttempt(pool, repeated, attempt(1, ok), delivered, countedOnly);
    // The next one began, because this was taken as lost.
    await beginAttempt(pool, found, 2, now);

    const due = new Date(now.getTime() + 60_000);
    const results = await recordAll([
      { deliveryId: failed, attempt: attempt(1), change: exhausted, rule: countedOnly },
      { deliveryId: good, attempt: attempt(1, ok), change: delivered, rule: countedOnly },
      {
        deliveryId: later,
        attempt: attempt(1),
        change: { ...willBeRetried, nextAttemptAt: due },
        rule: countedOnly,
      },
      {
        deliveryId: repeated,
        attempt: attempt(1, { ...ok, possiblyRepeated: true }),
        change: delivered,
        rule: countedOnly,
      },
      { deliveryId: found, attempt: attempt(1, ok), change: delivered, rule: countedOnly },
    ]);
    expect(results.map(({ changed }) => changed)).toEqual([true, true, true, false, true]);
    const standings = await Promise.all(
      [failed, good, later, repeated, found].map((id) => findDelivery(pool, app.id, id)),
    );
    expect(standings).toMatchObject([
      { status: 'failed', reason: 'exhausted', lastStatusCode: 500 },
      { status: 'delivered', reason: null, nextAttemptAt: null, lastStatusCode: 200 },
      { status: 'failed', reason: null, nextAttemptAt: due, completedAt: null },
      { status: 'delivered' },
      { status: 'delivered', lastStatusCode: 200 },
    ]);
    const written = await attemptsOf(pool, dayOf(now), [repeated, found]);
    expect(written.get(repeated)).toMatchObject([{ number: 1, statusCode: 200, possiblyRepeated: true }]);
    expect(written.get(found)).toMatchObject([{ number: 1, statusCode: 200, error: null }]);
  });

  it('count failures one by one, and heal an endpoint once', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, opened));
    for (const id of ids) await beginAttempt(pool, id, 1, now);
    const [one = '', two = '', ...rest] = ids;
    const end = (deliveryId: string, change: DeliveryChange, statusCode: number) => ({
      deliveryId,
      attempt: attempt(1, { statusCode }),
      change,
      rule: countedOnly,
    });
    await recordAll([one, two].map((id) => end(id, exhausted, 500)));
    expect(await failureCount()).toBe(2);
    const healed = await recordAll(rest.map((id) => end(id, delivered, 200)));
    expect(healed).toMatchObject(
      rest.map(() => ({ changed: true, health: { failureCount: 0, unwell: false } })),
    );
    expect(await failureCount()).toBe(0);
  });
});

describe('events that are opened together', () => {
  it('are opened once: by whom, is said of each', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const [known, other, fresh] = [randomUUID(), randomUUID(), randomUUID()];
    expect(await openEvents(pool, [openingOf(known, one), openingOf(other, two)], now)).toEqual([
      'opened',
      'opened',
    ]);
    const again = [
      openingOf(known, one),
      openingOf(other, one),
      openingOf(fresh, one),
      openingOf(fresh, two),
      { ...openingOf(known, two), contentHash: randomBytes(32) },
    ];
    expect(await openEvents(pool, again, now)).toEqual([
      'again',
      'duplicate',
      'opened',
      'duplicate',
      'conflict',
    ]);
    const { rows } = await pool.query<{ count: number }>(
      'select count(*)::int as count from deliveries where event_id = any ($1)',
      [[known, other, fresh]],
    );
    expect(rows).toEqual([{ count: 3 }]);
  });

  it('while another transaction opens one of them, wait for it, and then know by whom that was', async () => {
    const [one, two, contested] = [randomUUID(), randomUUID(), randomUUID()];
    const both = await inTransaction(pool, async (client) => {
      await openEvents(client, [openingOf(contested, one)], now);
      const later = [two, one].map((opener) =>
        openEvents(pool, [openingOf(contested, opener), openingOf(randomUUID(), opener)], now),
      );
      await expect.poll(() => waitingForLocks(database.url)).toBe(2);
      // A function, so that the transaction ends before they are awaited.
      return () => Promise.all(later);
    });
    expect(await both()).toEqual([
      ['duplicate', 'opened'],
      ['again', 'opened'],
    ]);
  });
});
