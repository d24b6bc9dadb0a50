import type { StoredEvent, EventStatus } from '../../domain/event.js';
import type { Day } from '../../domain/day.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { empty, rowsOf, sql } from '../database/sql.js';

export interface EventKey {
  readonly contentHash: Buffer;
  readonly day: Day;
  readonly openedBy: string;
}

export async function findEventKey(db: Queryable, appId: string, eventId: string): Promise<EventKey | null> {
  return (await findEventKeys(db, appId, [eventId])).get(eventId) ?? null;
}

/** The given event ids of an application that are known. */
export async function findEventKeys(
  db: Queryable,
  appId: string,
  eventIds: readonly string[],
): Promise<Map<string, EventKey>> {
  const rows = await rowsOf<EventKey & { readonly eventId: string }>(
    db,
    sql`select event_id, content_hash, day::text as day, opened_by from event_keys
     where app_id = ${appId} and event_id = any (${eventIds}::text[])`,
  );
  return new Map(rows.map(({ eventId, ...key }) => [eventId, key]));
}

/** A recorded event; null when there is none, or its day has been dropped. */
export async function findEvent(db: Queryable, appId: string, id: string): Promise<StoredEvent | null> {
  const key = await findEventKey(db, appId, id);
  return key && findEventOf(db, { day: key.day, appId, id });
}

/** An event of a day. */
export async function findEventOf(
  db: Queryable,
  { day, appId, id }: Pick<StoredEvent, 'day' | 'appId' | 'id'>,
): Promise<StoredEvent | null> {
  const [event] = await rowsOf<StoredEvent>(
    db,
    sql`select day::text as day, app_id, id, event_type, body, created_at
     from events where day = ${day} and app_id = ${appId} and id = ${id}`,
  );
  return event ?? null;
}

/** The latest delivery to each endpoint of the event `e` decides. @param days restricts the days of its deliveries */
export const statusOfEvent = (days = empty) => sql`(select case
    when count(*) = 0 then 'unmatched'
    when bool_or(latest.completed_at is null) then 'pending'
    when bool_or(latest.status = 'failed' and latest.reason is distinct from 'cancelled') then 'failed'
    when bool_or(latest.status = 'failed') then 'cancelled'
    else 'delivered' end
  from (
    select distinct on (d.endpoint_id) d.status, d.reason, d.completed_at from deliveries d
    where d.day = e.day and d.app_id = e.app_id and d.event_id = e.id ${days}
    order by d.endpoint_id, d.created_at desc, d.id desc
  ) latest)`;

/** The status of a recorded event. */
export async function eventStatusOf(db: Queryable, event: StoredEvent): Promise<EventStatus> {
  const { day, appId, id } = event;
  const rows = await rowsOf<{ status: EventStatus }>(
    db,
    sql`select ${statusOfEvent()} as status
     from (select ${day}::date as day, ${appId}::uuid as app_id, ${id}::text as id) e`,
  );
  return onlyRow(rows).status;
}
