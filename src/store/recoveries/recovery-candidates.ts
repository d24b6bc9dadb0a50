import { OPERATIONAL_EVENTS } from '../../domain/operational-events.js';
import { subscriptionRegex } from '../../domain/event-type.js';
import { spansOldestFirst, type DaySpan } from '../database/day-spans.js';
import type { Position } from '../../domain/page.js';
import type { Day } from '../../domain/day.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { rowsOf, sql, type Sql } from '../database/sql.js';
import type { RecoveryJob } from './recovery-jobs.js';

/**
 * Which events a recovery has delivered. `failed`: those whose latest delivery to the endpoint failed for good;
 * `missing`: those of a type that it subscribes to, without a delivery to it; `all`: both of these, and the delivered
 * ones. Never one with a delivery to it that is open, or made by this very recovery; never tests and Posthorn's own.
 */

type Search = Pick<RecoveryJob, 'id' | 'appId' | 'endpointId' | 'since' | 'until' | 'choice'>;

/** What there is of deliveries of the event `e`. @param days restricts the days that it is looked for in */
const made = ({ id, endpointId }: Search, days: Sql) => sql`lateral (
    select coalesce(bool_or(d.trigger in ('test', 'operational')), false) as internal,
      coalesce(bool_or(d.completed_at is null) filter (where d.endpoint_id = ${endpointId}), false) as open,
      coalesce(bool_or(d.job_id = ${id}), false) as recovered,
      (array_agg(d.status order by d.created_at desc, d.id desc) filter (where d.endpoint_id = ${endpointId}))[1]
        as latest
    from deliveries d where d.day = e.day and d.app_id = e.app_id and d.event_id = e.id and d.${days}
  ) made`;

/** Whether the event `e` is to be recovered, by what was `made` of it. */
function wanted({ choice }: Search, eventTypes: readonly string[]): Sql {
  const subscribed = sql`(e.event_type ~ ${subscriptionRegex(eventTypes)}::text
    and e.event_type <> all (${OPERATIONAL_EVENTS}::text[]))`;
  return sql`not made.internal and not made.open and not made.recovered and case ${choice}::text
    when 'failed' then made.latest is not null and made.latest = 'failed'
    when 'missing' then made.latest is null and ${subscribed}
    else made.latest is not null or ${subscribed}
  end`;
}

const ofSpan = ({ first, last }: DaySpan) => sql`day between ${first} and ${last}`;

/** The events `e` of a window that are from `since` on and of a span. */
const within = ({ appId, until }: Search, since: Date, span: DaySpan) =>
  sql`e.app_id = ${appId} and e.created_at >= ${since} and e.created_at < ${until} and e.${ofSpan(span)}`;

/** The days of a window, some at a time. */
function spansOf(db: Queryable, since: Date, until: Date): Promise<DaySpan[]> {
  return spansOldestFirst(db, { from: since, to: until });
}

/** How many events there are to recover now. */
export async function countCandidates(
  db: Queryable,
  search: Search,
  eventTypes: readonly string[],
): Promise<number> {
  let total = 0;
  for (const span of await spansOf(db, search.since, search.until)) {
    const rows = await rowsOf<{ total: number }>(
      db,
      sql`select count(*)::int as total from events e, ${made(search, ofSpan(span))}
       where ${within(search, search.since, span)} and ${wanted(search, eventTypes)}`,
    );
    total += onlyRow(rows).total;
  }
  return total;
}

/** What a recovery would do now. */
export interface RecoveryPreview {
  /** Events by their type. */
  readonly byEventType: Readonly<Record<string, number>>;
  readonly total: number;
  /** Of these, the first and the last by their acceptance; null where there are none. */
  readonly oldest: Date | null;
  readonly newest: Date | null;
  /** Events of the window that are left out because a delivery to the endpoint is open. */
  readonly skippedOpen: number;
}

export async function previewCandidates(
  db: Queryable,
  search: Search,
  eventTypes: readonly string[],
): Promise<RecoveryPreview> {
  const byEventType = new Map<string, number>();
  let oldest: Date | null = null;
  let newest: Date | null = null;
  let skippedOpen = 0;
  for (const span of await spansOf(db, search.since, search.until)) {
    const rows = await rowsOf<{
      eventType: string;
      total: number;
      open: number;
      oldest: Date | null;
      newest: Date | null;
    }>(
      db,
      sql`select e.event_type, count(*) filter (where is_wanted)::int as total,
         count(*) filter (where is_open)::int as open,
         min(e.created_at) filter (where is_wanted) as oldest, max(e.created_at) filter (where is_wanted) as newest
       from (
         select e.event_type, e.created_at, ${wanted(search, eventTypes)} as is_wanted,
           made.open and not made.internal as is_open
         from events e, ${made(search, ofSpan(span))}
         where ${within(search, search.since, span)}
       ) e
       group by e.event_type order by e.event_type`,
    );
    for (const row of rows) {
      skippedOpen += row.open;
      if (row.total === 0) continue;
      byEventType.set(row.eventType, (byEventType.get(row.eventType) ?? 0) + row.total);
      oldest ??= row.oldest;
      if (oldest !== null && row.oldest !== null && row.oldest < oldest) oldest = row.oldest;
      if (row.newest !== null && (newest === null || row.newest > newest)) newest = row.newest;
    }
  }
  const total = [...byEventType.values()].reduce((sum, count) => sum + count, 0);
  return { byEventType: Object.fromEntries(byEventType), total, oldest, newest, skippedOpen };
}

export interface WindowEvent extends Position {
  readonly day: Day;
  /** Whether it is to be recovered, as it is now. */
  readonly wanted: boolean;
}

/** The next events of a window, oldest first, at most `limit`; all of them, so that each page takes a bounded time. */
export async function eventsOfWindow(
  db: Queryable,
  search: Search,
  eventTypes: readonly string[],
  after: Position | null,
  limit: number,
): Promise<WindowEvent[]> {
  const since = after?.createdAt ?? search.since;
  const events: WindowEvent[] = [];
  for (const span of await spansOf(db, since, search.until)) {
    events.push(
      ...(await rowsOf<WindowEvent>(
        db,
        // No id is empty: the first event is after this.
        sql`select e.day::text as day, e.id, e.created_at, ${wanted(search, eventTypes)} as wanted
         from (
           select day, app_id, id, event_type, created_at from events e
           where ${within(search, since, span)} and (e.created_at, e.id) > (${since}, ${after?.id ?? ''})
           order by e.created_at, e.id limit ${limit - events.length}
         ) e, ${made(search, ofSpan(span))}
         order by e.created_at, e.id`,
      )),
    );
    if (events.length >= limit) break;
  }
  return events;
}

/** A delivery that a recovery makes. */
export interface RecoveredDelivery {
  readonly id: string;
  readonly day: Day;
  readonly eventId: string;
  readonly workflowId: string;
}

/**
 * Makes those of the deliveries whose events are still to be recovered.
 * @returns the ids of those that were made
 */
export async function insertRecovered(
  db: Queryable,
  search: Search,
  eventTypes: readonly string[],
  deliveries: readonly RecoveredDelivery[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const days = deliveries.map(({ day }) => day);
  const ofDays = sql`day = any (${days}::date[])`;
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
       attempt_count, next_attempt_at, job_id, created_at)
     select e.day, chosen.id, e.app_id, e.id, e.event_type, ${search.endpointId}, 'recover', chosen.workflow_id,
       'pending', 0, ${now}, ${search.id}, ${now}
     from unnest(
       ${days}::date[],
       ${deliveries.map(({ eventId }) => eventId)}::text[],
       ${deliveries.map(({ id }) => id)}::uuid[],
       ${deliveries.map(({ workflowId }) => workflowId)}::text[]
     ) as chosen (day, event_id, id, workflow_id)
       join events e on e.day = chosen.day and e.app_id = ${search.appId} and e.id = chosen.event_id,
       ${made(search, ofDays)}
     -- By the join alone every day would be planned for.
     where e.${ofDays} and ${wanted(search, eventTypes)}
     on conflict do nothing
     returning id`,
  );
  return new Set(rows.map(({ id }) => id));
}
