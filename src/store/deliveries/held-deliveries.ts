import type { HoldReason } from '../../domain/delivery.js';
import type { Day } from '../../domain/day.js';
import { DEFAULT_SETTINGS } from '../../domain/app.js';
import { settingsOf, type StoredSettings } from '../apps/apps.js';
import { spansOldestFirst, type DaySpan } from '../database/day-spans.js';
import { takesDeliveries, type Endpoint } from '../../domain/endpoint.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { raw, rowsOf, sql } from '../database/sql.js';

/**
 * Holding is a handshake. Whoever holds reads the endpoint again under its row's lock; whoever enables, resumes or
 * deletes it holds that lock for writing, and so does a drain when it looks for what is held. So either the held
 * delivery is seen by the drain that follows, or the endpoint's new state is seen here and nothing is held.
 */

/** A delivery that is held, until when at most. */
export interface Hold {
  readonly expiresAt: Date;
}

/** When a hold of the delivery `d` of the application `a` ends: after the application's `hold_hours`, or with its event. */
export const holdEnds = (begin: Date) => sql`least(d.expires_at, ${begin}::timestamptz
  + coalesce((a.settings->>'hold_hours')::float8, ${DEFAULT_SETTINGS.hold_hours}) * interval '1 hour')`;

/**
 * Marks a delivery as held because its endpoint takes none now: disabled, about to be, or paused.
 * @returns null when that is not so any more, or the delivery has ended
 */
export async function holdDelivery(db: Queryable, deliveryId: string, now: Date): Promise<Hold | null> {
  const day = dayOfDelivery(deliveryId);
  const [hold] = await rowsOf<Hold>(
    db,
    // Lock order everywhere: delivery, then endpoint.
    sql`with delivery as (
       select endpoint_id, app_id from deliveries where day = ${day} and id = ${deliveryId} for update
     ), endpoint as (
       select e.id, e.enabled and e.tripped is null as enabled, e.paused_at
       from delivery join endpoints e on e.id = delivery.endpoint_id for share of e
     )
     update deliveries d
     set status = 'pending', next_attempt_at = null, held = true, hold_count = hold_count + 1, granted_at = null,
       held_at = ${now}, hold_ends_at = ${holdEnds(now)},
       reason = case when endpoint.enabled then 'endpoint_paused' else 'endpoint_disabled' end
     from endpoint, apps a
     where d.day = ${day} and d.id = ${deliveryId} and d.completed_at is null and a.id = d.app_id
       and (not endpoint.enabled or endpoint.paused_at is not null)
     returning d.hold_ends_at as expires_at`,
  );
  return hold ?? null;
}

/** A grant, or an attempt, without an outcome by then has been lost with its worker, and takes no place any more. */
const GRANT_SECONDS = 60;
export const GRANT_LASTS = raw(`interval '${GRANT_SECONDS} seconds'`);

export interface HeldDelivery {
  readonly id: string;
  readonly day: Day;
  readonly workflowId: string;
  readonly reason: HoldReason;
  /** Which of its waits this is. */
  readonly holdCount: number;
  /** Let through its endpoint's limits already. */
  readonly isGranted: boolean;
}

/** An endpoint as a drain sees it, its row locked until the transaction ends. */
export interface DrainedEndpoint {
  readonly takesDeliveries: boolean;
  readonly rateLimit: number | null;
  readonly maxInFlight: number | null;
  /** The days before yesterday of whose deliveries some may be in flight, let through its limits. */
  readonly grantedDays: readonly Day[];
  /** The application's setting, in deliveries per second. */
  readonly drainPerSecond: number;
}

/** Null for an endpoint that has been deleted. */
export async function lockDrainedEndpoint(
  db: Queryable,
  endpointId: string,
): Promise<DrainedEndpoint | null> {
  const [row] = await rowsOf<
    Pick<Endpoint, 'enabled' | 'tripped' | 'pausedAt'> &
      Omit<DrainedEndpoint, 'takesDeliveries' | 'drainPerSecond'> & { readonly settings: StoredSettings }
  >(
    db,
    sql`select e.enabled, e.tripped, e.paused_at, e.rate_limit, e.max_in_flight, a.settings, array(
       select day from jsonb_each_text(e.granted_days) as granted (day, at)
       where at::timestamptz > clock_timestamp() - ${GRANT_LASTS}
     ) as granted_days
     from endpoints e join apps a on a.id = e.app_id where e.id = ${endpointId} for update of e`,
  );
  if (!row) return null;
  const { rateLimit, maxInFlight, grantedDays } = row;
  return {
    takesDeliveries: takesDeliveries(row),
    rateLimit,
    maxInFlight,
    grantedDays,
    drainPerSecond: settingsOf(row.settings).drain_per_second,
  };
}

/** An endpoint's held deliveries, those of the oldest events first. */
export async function heldDeliveries(
  db: Queryable,
  endpointId: string,
  {
    untold,
    limit,
    since,
  }: {
    /** Not these. */
    readonly untold: ReadonlySet<string>;
    readonly limit: number;
    /** Events of this day and later; all of them without it. */
    readonly since?: Day | undefined;
  },
): Promise<HeldDelivery[]> {
  const held: HeldDelivery[] = [];
  for (const span of await spansOldestFirst(db, {
    from: since === undefined ? undefined : new Date(since),
  })) {
    held.push(...(await heldOfSpan(db, endpointId, span, { untold, limit: limit - held.length })));
    if (held.length >= limit) break;
  }
  return held;
}

/** How many deliveries an endpoint holds, and since when there has been one of them. */
export async function countHeld(
  db: Queryable,
  endpointId: string,
): Promise<{ readonly count: number; readonly oldestAt: Date | null }> {
  let count = 0;
  let oldestAt: Date | null = null;
  for (const { first, last } of await spansOldestFirst(db)) {
    const rows = await rowsOf<{ count: number; oldestAt: Date | null }>(
      db,
      sql`select count(*)::int as count, min(created_at) as oldest_at from deliveries
       where endpoint_id = ${endpointId} and held and day between ${first} and ${last}`,
    );
    const ofSpan = onlyRow(rows);
    count += ofSpan.count;
    if (ofSpan.oldestAt && (oldestAt === null || ofSpan.oldestAt < oldestAt)) oldestAt = ofSpan.oldestAt;
  }
  return { count, oldestAt };
}

async function heldOfSpan(
  db: Queryable,
  endpointId: string,
  { first, last }: DaySpan,
  { untold, limit }: { readonly untold: ReadonlySet<string>; readonly limit: number },
): Promise<HeldDelivery[]> {
  return rowsOf(
    db,
    sql`select id, day::text as day, workflow_id, reason, hold_count,
       coalesce(granted_at > clock_timestamp() - ${GRANT_LASTS}, false) as is_granted
     from deliveries
     where endpoint_id = ${endpointId} and held and id <> all (${[...untold]}::uuid[])
       and day between ${first} and ${last}
     order by created_at, id limit ${limit}`,
  );
}

/**
 * Locks those of an endpoint's held deliveries that nobody else has locked. Whoever locks a delivery first and then
 * waits for this endpoint is not waited for.
 */
export async function lockFree(db: Queryable, held: readonly HeldDelivery[]): Promise<HeldDelivery[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`select id from deliveries
     where day = any (${held.map(({ day }) => day)}::date[]) and id = any (${held.map(({ id }) => id)}::uuid[])
       and held for update skip locked`,
  );
  const free = new Set(rows.map(({ id }) => id));
  return held.filter(({ id }) => free.has(id));
}

/**
 * A deleted endpoint's deliveries that wait, in the order of their ids, which is that of days, after `after`, at most
 * `limit`.
 */
export async function waitingDeliveries(
  db: Queryable,
  endpointId: string,
  after: string | null,
  limit: number,
): Promise<{ id: string; workflowId: string }[]> {
  const waiting: { id: string; workflowId: string }[] = [];
  const from = after === null ? undefined : new Date(dayOfDelivery(after));
  for (const { first, last } of await spansOldestFirst(db, { from })) {
    waiting.push(
      ...(await rowsOf<{ id: string; workflowId: string }>(
        db,
        sql`select id, workflow_id from deliveries
         where endpoint_id = ${endpointId} and (held or next_attempt_at is not null)
           and (${after}::uuid is null or id > ${after}) and day between ${first} and ${last}
         order by id limit ${limit - waiting.length}`,
      )),
    );
    if (waiting.length >= limit) break;
  }
  return waiting;
}

/** Takes deliveries off the list of the held ones; those that are held again meanwhile stay on it. */
export async function markReleased(db: Queryable, held: readonly HeldDelivery[]): Promise<void> {
  const days = held.map(({ day }) => day);
  const ids = held.map(({ id }) => id);
  const holdCounts = held.map(({ holdCount }) => holdCount);
  await db.query(
    sql`update deliveries d
     set held = false, reason = case when d.completed_at is null then null else d.reason end,
       next_attempt_at = case when d.completed_at is null then clock_timestamp() end
     from unnest(${days}::date[], ${ids}::uuid[], ${holdCounts}::int[]) as released (day, id, hold_count)
     -- By the join alone every day would be planned for.
     where d.day = any (${days}::date[]) and d.day = released.day and d.id = released.id
       and d.hold_count = released.hold_count and d.held`,
  );
}
