import { spansOldestFirst } from '../database/day-spans.js';
import type { Position } from '../../domain/page.js';
import type { Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';

/** The rows of a deleted application that no foreign key removes. */

/** Whether there is such an application, once nobody is deleting it any more. */
export async function appExists(db: Queryable, appId: string): Promise<boolean> {
  const { rowCount } = await db.query('select from apps where id = $1 for key share', [appId]);
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
  for (const span of await spansOldestFirst(db, { from: after?.createdAt })) {
    const { rows } = await db.query<{
      day: string;
      id: string;
      created_at: Date;
      deliveries: number;
      open: string[] | null;
    }>(
      `select e.day::text as day, e.id, e.created_at, made.deliveries, made.open
       from (
         select day, id, created_at from events
         where app_id = $1 and day between $4 and $5 and ($2::timestamptz is null or (created_at, id) > ($2, $3))
         order by created_at, id limit $6
       ) e, lateral (
         select count(*)::int as deliveries,
           array_agg(distinct d.workflow_id) filter (where d.completed_at is null) as open
         from deliveries d
         where d.day between $4 and $5 and d.day = e.day and d.app_id = $1 and d.event_id = e.id
       ) made
       order by e.created_at, e.id`,
      [appId, after?.createdAt ?? null, after?.id ?? null, span.first, span.last, limit - events.length],
    );
    events.push(
      ...rows.map((row) => ({
        day: row.day,
        id: row.id,
        createdAt: row.created_at,
        deliveries: row.deliveries,
        openWorkflows: row.open ?? [],
      })),
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
    `with removed as (
       delete from deliveries where day = $1 and app_id = $2 and event_id = any ($3::text[]) returning id
     ), attempt as (
       delete from attempts a using removed where a.day = $1 and a.delivery_id = removed.id
     ), key as (
       delete from event_keys where app_id = $2 and event_id = any ($3)
     )
     delete from events where day = $1 and app_id = $2 and id = any ($3)`,
    [day, appId, eventIds],
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
    const { rows } = await db.query<{ day: string; id: string }>(
      `select d.day::text as day, d.id from deliveries d
       where d.app_id = $1 and d.day between $3 and $4 and not exists (
         select from events e
         where e.day between $3 and $4 and e.day = d.day and e.app_id = d.app_id and e.id = d.event_id
       ) limit $2`,
      [appId, limit - strays.length, first, last],
    );
    strays.push(...rows);
    if (strays.length >= limit) break;
  }
  return strays;
}

/** Removes deliveries of one day with their attempts. */
export async function removeDeliveries(db: Queryable, day: Day, ids: readonly string[]): Promise<void> {
  await db.query(
    `with attempt as (delete from attempts where day = $1 and delivery_id = any ($2::uuid[]))
     delete from deliveries where day = $1 and id = any ($2)`,
    [day, ids],
  );
}

/**
 * Removes the ids of events that have been dropped from the log, at most `limit`.
 * @returns how many
 */
export async function removeEventKeys(db: Queryable, appId: string, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `with key as (select event_id from event_keys where app_id = $1 limit $2)
     delete from event_keys k using key where k.app_id = $1 and k.event_id = key.event_id`,
    [appId, limit],
  );
  return rowCount ?? 0;
}
