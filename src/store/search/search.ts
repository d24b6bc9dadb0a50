import { fewDaysAtOnce } from '../database/day-spans.js';
import { daysOfLog } from '../database/partitions.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';
import type { Day } from '../../domain/day.js';
import type { RecoveryChoice } from '../recoveries/recovery-jobs.js';

/** What a search reads of an application. Each statement has an index that leads to what it looks for. */

export interface FoundEvent {
  readonly id: string;
  readonly day: Day;
  readonly eventType: string;
}

/**
 * Ids that are looked at from the prefix on. The index has them in the order of the database's collation, where those
 * with the prefix need not stand together, but stand near: an id itself before all that it begins.
 */
const NEAR = 2_000;

/** Events of the log whose ids begin with `prefix`, at most `limit`, that with this very id first. */
export async function eventsByIdPrefix(
  db: Queryable,
  appId: string,
  prefix: string,
  limit: number,
): Promise<FoundEvent[]> {
  const [oldest] = await daysOfLog(db);
  if (oldest === undefined) return [];
  const keys = await rowsOf<Pick<FoundEvent, 'id' | 'day'>>(
    db,
    // The ids of events outlive them.
    sql`select k.event_id as id, k.day::text as day
     from (
       select event_id from event_keys
       where app_id = ${appId} and event_id >= ${prefix} order by event_id limit ${NEAR}
     ) near
     join event_keys k on k.app_id = ${appId} and k.event_id = near.event_id
     where starts_with(near.event_id, ${prefix}) and k.day >= ${oldest}
     limit ${limit}`,
  );
  const types = await eventTypesOf(db, appId, keys);
  return keys.flatMap((key) => {
    const eventType = types.get(key.id);
    return eventType === undefined ? [] : [{ ...key, eventType }];
  });
}

/** The types of those events that are in the log, by their ids. */
async function eventTypesOf(
  db: Queryable,
  appId: string,
  keys: readonly Pick<FoundEvent, 'id' | 'day'>[],
): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>();
  for (const group of fewDaysAtOnce(keys)) {
    const rows = await rowsOf<{ id: string; eventType: string }>(
      db,
      sql`select id, event_type from events
       where day = any (${group.map(({ day }) => day)}::date[]) and app_id = ${appId}
         and id = any (${group.map(({ id }) => id)}::text[])`,
    );
    for (const { id, eventType } of rows) types.set(id, eventType);
  }
  return types;
}

/** Endpoints whose URLs contain `text`, in whatever case, or with this id, the newest first: an application has 1,000. */
export async function endpointsByUrl(
  db: Queryable,
  appId: string,
  { text, id }: { readonly text: string; readonly id: string | null },
  limit: number,
): Promise<{ id: string; url: string }[]> {
  return rowsOf(
    db,
    sql`select id, url from endpoints
     where app_id = ${appId} and (id = ${id} or strpos(lower(url), lower(${text})) > 0)
     order by created_at desc, id desc limit ${limit}`,
  );
}

/** The application's own event types whose names begin with `prefix`, in whatever case: it has 1,000 at most. */
export async function eventTypesByPrefix(
  db: Queryable,
  appId: string,
  prefix: string,
  limit: number,
): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    db,
    sql`select name from event_types
     where app_id = ${appId} and starts_with(lower(name), lower(${prefix})) order by name limit ${limit}`,
  );
  return rows.map(({ name }) => name);
}

export interface FoundJob {
  readonly id: string;
  readonly endpointId: string;
  readonly choice: RecoveryChoice;
}

/** The recovery with this id; null when the application has none. */
export async function jobById(db: Queryable, appId: string, id: string): Promise<FoundJob | null> {
  const [job] = await rowsOf<FoundJob>(
    db,
    sql`select id, endpoint_id, choice from recovery_jobs where id = ${id} and app_id = ${appId}`,
  );
  return job ?? null;
}
