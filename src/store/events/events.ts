import type { StoredEvent, EventStatus } from '../../domain/event.js';
import type { Day } from '../../domain/day.js';
import { onlyRow, type Queryable } from '../database/pool.js';

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
  const { rows } = await db.query<{ event_id: string; content_hash: Buffer; day: string; opened_by: string }>(
    `select event_id, content_hash, day::text as day, opened_by from event_keys
     where app_id = $1 and event_id = any ($2::text[])`,
    [appId, eventIds],
  );
  return new Map(
    rows.map((row) => [
      row.event_id,
      { contentHash: row.content_hash, day: row.day, openedBy: row.opened_by },
    ]),
  );
}

interface EventRow {
  day: string;
  app_id: string;
  id: string;
  event_type: string;
  body: Buffer;
  created_at: Date;
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
  const { rows } = await db.query<EventRow>(
    `select day::text as day, app_id, id, event_type, body, created_at
     from events where day = $1 and app_id = $2 and id = $3`,
    [day, appId, id],
  );
  return rows[0] ? toEvent(rows[0]) : null;
}

/** The latest delivery to each endpoint of the event `e` decides. @param days restricts the days of its deliveries */
export const statusSql = (days = '') => `(select case
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
  const { rows } = await db.query<{ status: EventStatus }>(
    `select ${statusSql()} as status from (select $1::date as day, $2::uuid as app_id, $3::text as id) e`,
    [event.day, event.appId, event.id],
  );
  return onlyRow(rows).status;
}

function toEvent(row: EventRow): StoredEvent {
  return {
    day: row.day,
    appId: row.app_id,
    id: row.id,
    eventType: row.event_type,
    body: row.body,
    createdAt: row.created_at,
  };
}
