import { dayOf } from '../../domain/day.js';
import { spansOldestFirst, type DaySpan } from '../database/day-spans.js';
import type { Queryable } from '../database/pool.js';
import { sql } from '../database/sql.js';
import { LATENCY_EDGES, NO_LATENCY } from './latency.js';

/** Whole UTC minutes, from the one that begins at `from` to the one that ends at `to`. */
export interface Minutes {
  readonly from: Date;
  readonly to: Date;
}

/** No attempt takes longer, in milliseconds: four times the longest time limit of a profile. */
export const LONGEST_ATTEMPT_MS = 60_000;

/**
 * Computes minutes anew from the log, of all applications: what was there of them is replaced, so computing them again
 * gives the same. In a transaction that is the only one to do so.
 */
export async function computeMinutes(db: Queryable, minutes: Minutes): Promise<void> {
  await forget(db, minutes);
  await addEvents(db, minutes);
  await addDeliveries(db, minutes);
  // What ends now may be of any day.
  for (const span of await spansOldestFirst(db)) {
    await addAttempts(db, minutes, span);
    await addClosings(db, minutes, span);
  }
}

async function forget(db: Queryable, { from, to }: Minutes): Promise<void> {
  await db.query(sql`delete from event_minutes where start >= ${from} and start < ${to}`);
  await db.query(sql`delete from delivery_minutes where start >= ${from} and start < ${to}`);
  await db.query(sql`delete from attempt_minutes where start >= ${from} and start < ${to}`);
}

/** The days of the events that were accepted in these minutes. */
const daysOf = ({ from, to }: Minutes) =>
  sql`day between ${dayOf(from)} and ${dayOf(new Date(to.getTime() - 1))}`;

async function addEvents(db: Queryable, minutes: Minutes): Promise<void> {
  const { from, to } = minutes;
  await db.query(
    sql`insert into event_minutes (app_id, start, event_type, events)
     select e.app_id, date_trunc('minute', e.created_at), e.event_type, count(*)
     from apps a join events e on e.app_id = a.id
     where e.${daysOf(minutes)} and e.created_at >= ${from} and e.created_at < ${to}
     group by 1, 2, 3`,
  );
}

/** The ids of deliveries begin with when their events were accepted: see `deliveryIdOf`. */
async function addDeliveries(db: Queryable, minutes: Minutes): Promise<void> {
  await db.query(
    sql`insert into delivery_minutes (app_id, start, endpoint_id, event_type, events)
     select d.app_id, date_trunc('minute', d.accepted_at), d.endpoint_id, d.event_type, count(distinct d.event_id)
     from deliveries d
     where d.${daysOf(minutes)} and d.id >= ${firstIdAt(minutes.from)} and d.id < ${firstIdAt(minutes.to)}
     group by 1, 2, 3, 4`,
  );
}

/** No delivery of an event that was accepted at this time, or later, has a lesser id. */
function firstIdAt(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0').padEnd(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const ADDED = sql`on conflict (app_id, start, endpoint_id, event_type, latency) do update
  set attempts = attempt_minutes.attempts + excluded.attempts,
    retried = attempt_minutes.retried + excluded.retried,
    delivered = attempt_minutes.delivered + excluded.delivered,
    failed = attempt_minutes.failed + excluded.failed`;

/** Attempts count in the minute in which they ended, and so do the deliveries that they ended. */
async function addAttempts(db: Queryable, { from, to }: Minutes, { first, last }: DaySpan): Promise<void> {
  const begin = new Date(from.getTime() - LONGEST_ATTEMPT_MS);
  await db.query(
    sql`insert into attempt_minutes
       (app_id, start, endpoint_id, event_type, latency, attempts, retried, delivered, failed)
     select d.app_id, date_trunc('minute', a.ended_at), d.endpoint_id, d.event_type,
       coalesce(width_bucket(a.duration_ms, ${LATENCY_EDGES}::int[]), ${NO_LATENCY}), count(*),
       count(*) filter (where a.number > 1),
       count(*) filter (where d.completed_at = a.ended_at and d.status = 'delivered'),
       count(*) filter (where d.completed_at = a.ended_at and d.status = 'failed')
     from (
       select day, delivery_id, number, duration_ms,
         started_at + coalesce(duration_ms, 0) * interval '1 millisecond' as ended_at
       from attempts
       where day between ${first} and ${last} and started_at >= ${begin} and started_at < ${to}
     ) a
     join deliveries d on d.day between ${first} and ${last} and d.day = a.day and d.id = a.delivery_id
     where a.ended_at >= ${from} and a.ended_at < ${to}
     group by 1, 2, 3, 4, 5
     ${ADDED}`,
  );
}

/** Deliveries that ended without an attempt; one that was delivered after all has another end. */
async function addClosings(db: Queryable, { from, to }: Minutes, { first, last }: DaySpan): Promise<void> {
  await db.query(
    sql`insert into attempt_minutes
       (app_id, start, endpoint_id, event_type, latency, attempts, retried, delivered, failed)
     select d.app_id, date_trunc('minute', c.closed_at), d.endpoint_id, d.event_type, ${NO_LATENCY}::smallint, 0, 0,
       count(*) filter (where d.status = 'delivered'), count(*) filter (where d.status = 'failed')
     from closings c
     join deliveries d on d.day between ${first} and ${last} and d.day = c.day and d.id = c.delivery_id
     where c.closed_at >= ${from} and c.closed_at < ${to} and c.day between ${first} and ${last}
       and d.completed_at = c.closed_at
     group by 1, 2, 3, 4
     ${ADDED}`,
  );
}
