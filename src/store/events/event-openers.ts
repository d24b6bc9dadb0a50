import type { Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** Who opened an event. */
export interface EventOpener {
  /** The batch's workflow id, or the first run of the event's own workflow. */
  readonly openedBy: string;
  /** Whether a delivery that was opened with it waits for another attempt, has had one, or failed. */
  readonly hasGoneOn: boolean;
}

/** Who opened the given events of an application, by event id. */
export async function eventOpeners(
  db: Queryable,
  appId: string,
  events: readonly { readonly id: string; readonly day: Day }[],
): Promise<Map<string, EventOpener>> {
  if (events.length === 0) return new Map();
  const days = [...new Set(events.map(({ day }) => day))];
  const rows = await rowsOf<EventOpener & { readonly eventId: string }>(
    db,
    sql`select k.event_id, k.opened_by, exists (
       select from deliveries d
       -- By the join alone every day would be planned for.
       where d.day = any (${days}::date[]) and d.day = k.day and d.app_id = k.app_id and d.event_id = k.event_id
         and d.trigger in ('event', 'operational') and (d.attempt_count > 1 or d.status = 'failed' or d.reason is not null)
     ) as has_gone_on
     from event_keys k where k.app_id = ${appId} and k.event_id = any (${events.map(({ id }) => id)}::text[])`,
  );
  return new Map(rows.map(({ eventId, ...opener }) => [eventId, opener]));
}
