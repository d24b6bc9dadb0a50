import { uuidFrom } from '../../lib/uuid.js';
import { DEFAULT_SETTINGS } from '../../domain/app.js';
import { DAY_MS, dayOf, type Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';
import { spansOldestFirst } from '../database/day-spans.js';
import { rowsOf, sql } from '../database/sql.js';

/** Searches for deliveries that nobody carries on. A search costs little when there are none. */

/**
 * Begins a round, unless another process has begun one lately.
 * @returns how far the log has been swept, and the database's time; null when it is not time yet
 */
export async function beginRound(
  db: Queryable,
  everyMs: number,
): Promise<{ readonly sweptUntil: Date; readonly now: Date } | null> {
  const [round] = await rowsOf<{ sweptUntil: Date; now: Date }>(
    db,
    sql`update upkeep set began_at = now() where began_at <= now() - ${everyMs} * interval '1 millisecond'
     returning swept_until, now() as now`,
  );
  return round ?? null;
}

/**
 * Makes deliveries due that are open, not held and without a time, although their event was accepted a while ago: a first
 * attempt that is queued or under way. Each delivery of an event is looked at once in its life, so that none needs an
 * entry in an index before its first attempt has failed.
 * @param until of a time, at most that of the next midnight
 */
export async function sweep(db: Queryable, from: Date, until: Date): Promise<void> {
  const day = dayOf(from);
  await db.query(
    sql`with open as (
       select day, id from deliveries
       where day = ${day} and id >= ${firstIdOf(from)} and id < ${firstIdOf(until)} and completed_at is null
         and next_attempt_at is null and not held
       order by id for update
     ), due as (
       update deliveries d set next_attempt_at = d.created_at from open where d.day = ${day} and d.id = open.id
     )
     update upkeep set swept_until = greatest(swept_until, ${until})`,
  );
}

/** Where a sweep that begins at a time ends: within the time's day. */
export function endOfSweep(from: Date, longestMs: number, latest: Date): Date {
  const midnight = (Math.floor(from.getTime() / DAY_MS) + 1) * DAY_MS;
  return new Date(Math.min(from.getTime() + longestMs, midnight, latest.getTime()));
}

/** Not later than the id of any delivery of an event that was accepted then. */
function firstIdOf(time: Date): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(time.getTime(), 0, 6);
  return uuidFrom(bytes, 8);
}

/** Where a look through what is due has come to, within the days from `first` on. */
export interface DuePosition {
  readonly first: Day;
  /** As text: exact to the microsecond. */
  readonly at: string;
  readonly id: string;
}

/** A delivery that nobody seems to carry on. */
export interface StuckDelivery {
  readonly id: string;
  readonly day: string;
  readonly appId: string;
  readonly eventId: string;
  readonly workflowId: string;
}

/** Deliveries of existing applications that have been due for longer than that, after a position. */
export async function overdueDeliveries(
  db: Queryable,
  overdueMs: number,
  after: DuePosition | null,
  limit: number,
): Promise<(StuckDelivery & { readonly position: DuePosition })[]> {
  const found: (StuckDelivery & { readonly position: DuePosition })[] = [];
  for (const { first, last } of await spansFrom(db, after)) {
    const within = after?.first === first ? after : null;
    const rows = await rowsOf<StuckDelivery & { due: string }>(
      db,
      sql`select d.id, d.day::text as day, d.app_id, d.event_id, d.workflow_id, d.next_attempt_at::text as due
       from deliveries d
       where d.next_attempt_at < now() - ${overdueMs} * interval '1 millisecond' and d.next_attempt_at is not null
         and d.day between ${first} and ${last}
         and (${within?.at}::timestamptz is null
           or (d.next_attempt_at, d.id) > (${within?.at}::timestamptz, ${within?.id}::uuid))
         and exists (select from apps a where a.id = d.app_id)
       order by d.next_attempt_at, d.id limit ${limit - found.length}`,
    );
    found.push(
      ...rows.map(({ due, ...stuck }) => ({ ...stuck, position: { first, at: due, id: stuck.id } })),
    );
    if (found.length >= limit) break;
  }
  return found;
}

/** The days of the log in spans, from the one that a position is within. */
function spansFrom(db: Queryable, after: { readonly first: Day } | null) {
  return spansOldestFirst(db, { from: after ? new Date(after.first) : undefined });
}

/** An endpoint that holds deliveries. */
export interface HoldingEndpoint {
  readonly endpointId: string;
  /** It takes deliveries: a drain is to let them go on. */
  readonly isOpen: boolean;
  /** It was deleted, and its application was not: a drain is to end them. */
  readonly isGone: boolean;
  /** The oldest of them. */
  readonly oldest: StuckDelivery;
  /** A hold that began with the oldest has ended by now. */
  readonly isPast: boolean;
}

/** Where a look through what is held has come to, within the days from `first` on. */
export interface HoldingPosition {
  readonly first: Day;
  readonly endpointId: string;
}

/**
 * The endpoints that hold deliveries, by the days of these and in the order of their ids, after a position; each costs
 * a few looks at an index. One that holds some of days that are far apart comes once for each, the oldest first.
 */
export async function holdingEndpoints(
  db: Queryable,
  after: HoldingPosition | null,
  limit: number,
): Promise<(HoldingEndpoint & { readonly position: HoldingPosition })[]> {
  const found: (HoldingEndpoint & { readonly position: HoldingPosition })[] = [];
  for (const { first, last } of await spansFrom(db, after)) {
    const within = after?.first === first ? after.endpointId : null;
    const rows = await rowsOf<StuckDelivery & Omit<HoldingEndpoint, 'oldest'>>(
      db,
      // A page is as long as it is even where an endpoint is gone.
      sql`with recursive holding as (
         (select endpoint_id, id, day, app_id, event_id, workflow_id, created_at, 1 as n
          from deliveries where held and day between ${first} and ${last}
            and (${within}::uuid is null or endpoint_id > ${within})
          order by endpoint_id, created_at, id limit 1)
         union all
         select next.*, holding.n + 1 from holding, lateral (
           select endpoint_id, id, day, app_id, event_id, workflow_id, created_at
           from deliveries where held and day between ${first} and ${last} and endpoint_id > holding.endpoint_id
           order by endpoint_id, created_at, id limit 1
         ) next
         where holding.n < ${limit - found.length}
       )
       select h.endpoint_id, coalesce(e.enabled and e.tripped is null and e.paused_at is null, false) as is_open,
          e.id is null and a.id is not null as is_gone,
         h.created_at + coalesce((a.settings->>'hold_hours')::float8, ${DEFAULT_SETTINGS.hold_hours})
           * interval '1 hour' < now() as is_past,
         h.id, h.day::text as day, h.app_id, h.event_id, h.workflow_id
       from holding h left join endpoints e on e.id = h.endpoint_id left join apps a on a.id = h.app_id
       order by h.endpoint_id`,
    );
    found.push(
      ...rows.map(({ endpointId, isOpen, isGone, isPast, ...oldest }) => ({
        endpointId,
        isOpen,
        isGone,
        oldest,
        isPast,
        position: { first, endpointId },
      })),
    );
    if (found.length >= limit) break;
  }
  return found;
}

/** Endpoints that have met a health rule and are not disabled yet. */
export async function trippedEndpoints(
  db: Queryable,
  limit: number,
): Promise<{ appId: string; endpointId: string }[]> {
  return rowsOf(
    db,
    sql`select app_id, id as endpoint_id from endpoints where enabled and tripped is not null limit ${limit}`,
  );
}

/** Recoveries that are to go on, in the order of their ids, after one. */
export async function runningRecoveries(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<{ id: string; appId: string; endpointId: string }[]> {
  return rowsOf(
    db,
    sql`select id, app_id, endpoint_id from recovery_jobs
     where state = 'running' and handed_over_at is null and (${after}::uuid is null or id > ${after})
     order by id limit ${limit}`,
  );
}
