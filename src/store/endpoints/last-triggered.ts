import type { Endpoint } from '../../domain/endpoint.js';
import { dayAfter, dayOf } from '../../domain/day.js';
import type { DaySpan } from '../database/day-spans.js';
import type { Queryable } from '../database/pool.js';
import { empty, rowsOf, sql, type Sql } from '../database/sql.js';

/** Most were triggered by an event of these days; the others are looked for in the days before. */
const NEWEST_DAYS = 2;
/** An endpoint that was triggered before that was not triggered lately: null. As long as a schedule may take. */
const DAYS = 31;
/** How many of the newest deliveries are checked: those that wait have no attempt. */
const NEWEST = 1_000;

/**
 * When the last attempt to each endpoint began, by its newest deliveries, of events of the last 31 days. The row of an
 * endpoint does not have it: each delivery would write that.
 */
export async function lastTriggered(
  db: Queryable,
  endpoints: readonly Pick<Endpoint, 'id' | 'pausedAt' | 'disabledAt'>[],
): Promise<ReadonlyMap<string, Date>> {
  const found = new Map<string, Date>();
  const today = dayOf(new Date());
  const newest = { first: dayAfter(today, 1 - NEWEST_DAYS), last: dayAfter(today) };
  const before = { first: dayAfter(today, -DAYS), last: dayAfter(newest.first, -1) };
  for (const span of [newest, before]) {
    const wanted = endpoints.filter(({ id }) => !found.has(id));
    if (wanted.length === 0) break;
    const rows = await rowsOf<{ id: string; at: Date }>(
      db,
      sql`select e.id, triggered.at
       from unnest(
         ${wanted.map(({ id }) => id)}::uuid[],
         ${wanted.map(({ pausedAt, disabledAt }) => disabledAt ?? pausedAt)}::timestamptz[]
       ) as e (id, stopped_at), lateral (
         (${newestAttempt(span)})
         union all
         -- What came since it takes none was not sent, however much that is.
         (${newestAttempt(span, sql`created_at < e.stopped_at and`)})
         limit 1
       ) as triggered (at)`,
    );
    for (const { id, at } of rows) found.set(id, at);
  }
  return found;
}

function newestAttempt({ first, last }: DaySpan, condition: Sql = empty): Sql {
  return sql`select attempt_started_at from (
      select attempt_started_at from deliveries
      where ${condition} endpoint_id = e.id and day between ${first} and ${last}
      order by created_at desc, id desc limit ${NEWEST}
    ) newest where attempt_started_at is not null limit 1`;
}
