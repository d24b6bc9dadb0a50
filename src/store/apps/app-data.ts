import { spansOldestFirst } from '../database/day-spans.js';
import type { Position } from '../../domain/page.js';
import type { Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** The rows of a deleted application that no foreign key removes. */

/** Whether there is such an application, once nobody is deleting it any more. */
export async function appExists(db: Queryable, appId: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`select from apps where id = ${appId} for key share`);
  return rowCount === 1;
}

export interface LeftEvent extends Position {
  readonly day: Day;
  /** The workflows of its deliveries that have not ended. */
  readonly openWorkflows: readonly string[];
  readonly deliveries: number;
}

/** The application's events after a position, oldest first, at most `limit`. */
export async function leftEvents(
  db: Queryable,
  appId: string,
  after: Position | null,
  limit: number,
): Promise<LeftEvent[]> {
  const events: LeftEvent[] = [];
  for (const { first, last } of await spansOldestFirst(db, { from: after?.createdAt })) {
    events.push(
      ...(await rowsOf<LeftEvent>(
        db,
        sql`select e.day::text as day, e.id, e.created_at, made.deliveries, made.open_workflows
         from (
           select day, id, created_at from events
           where app_id = ${appId} and day between ${first} and ${last}
             and (${after?.createdAt}::timestamptz is null or (created_at, id) > (${after?.createdAt}, ${after?.id}))
           order by created_at, id limit ${limit - events.length}
         ) e, lateral (
           select count(*)::int as deliveries,
             coalesce(array_agg(distinct d.workflow_id) filter (where d.completed_at is null), '{}') as open_workflows
           from deliveries d
           where d.day between ${first} and ${last} and d.day = e.day and d.app_id = ${appId} and d.event_id = e.id
         ) made
         order by e.created_at, e.id`,
      )),
    );
    if (events.length >= limit) break;
  }
  return events;
}

/** Removes events of one day with everything that belongs to them, in one statement. */
export async function removeEvents(
  db: Queryable,
  appId: string,
  day: Day,
  eventIds: readonly string[],
): Promise<void> {
  await db.query(
    sql`with removed as (
       delete from deliveries where day = ${day} and app_id = ${appId} and event_id = any (${eventIds}::text[])
       returning id
     ), attempt as (
       delete from attempts a using removed where a.day = ${day} and a.delivery_id = removed.id
     ), closing as (
       delete from closings c using removed where c.delivery_id = removed.id
     ), key as (
       delete from event_keys where app_id = ${appId} and event_id = any (${eventIds}::text[])
     )
     delete from events where day = ${day} and app_id = ${appId} and id = any (${eventIds}::text[])`,
  );
}

/**
 * Deliveries that were added while their event was being removed, at most `limit`. Such a delivery ends with its next
 * attempt, which finds nothing to send.
 */
export async function strayDeliveries(
  db: Queryable,
  appId: string,
  limit: number,
): Promise<{ day: Day; id: string }[]> {
  const strays: { day: Day; id: string }[] = [];
  for (const { first, last } of await spansOldestFirst(db)) {
    strays.push(
      ...(await rowsOf<{ day: Day; id: string }>(
        db,
        sql`select d.day::text as day, d.id from deliveries d
         where d.app_id = ${appId} and d.day between ${first} and ${last} and not exists (
           select from events e
           where e.day between ${first} and ${last} and e.day = d.day and e.app_id = d.app_id and e.id = d.event_id
         ) limit ${limit - strays.length}`,
      )),
    );
    if (strays.length >= limit) break;
  }
  return strays;
}

/** Removes deliveries of one day with their attempts. */
export async function removeDeliveries(db: Queryable, day: Day, ids: readonly string[]): Promise<void> {
  await db.query(
    sql`with attempt as (
       delete from attempts where day = ${day} and delivery_id = any (${ids}::uuid[])
     ), closing as (
       delete from closings where delivery_id = any (${ids}::uuid[])
     )
     delete from deliveries where day = ${day} and id = any (${ids}::uuid[])`,
  );
}

/**
 * Removes the ids of events that have been dropped from the log, at most `limit`.
 * @returns how many
 */
export async function removeEventKeys(db: Queryable, appId: string, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    sql`with key as (select event_id from event_keys where app_id = ${appId} limit ${limit})
     delete from event_keys k using key where k.app_id = ${appId} and k.event_id = key.event_id`,
  );
  return rowCount ?? 0;
}
