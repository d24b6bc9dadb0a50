import type { Endpoint } from '../../domain/endpoint.js';
import { dayAfter, dayOf } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';

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
  for (const { first, last } of [newest, before]) {
    const wanted = endpoints.filter(({ id }) => !found.has(id));
    if (wanted.length === 0) break;
    const { rows } = await db.query<{ id: string; at: Date }>(
      `select e.id, triggered.at from unnest($1::uuid[], $2::timestamptz[]) as e (id, stopped_at), lateral (
         (${NEWEST_ATTEMPT})
         union all
         -- What came since it takes none was not sent, however much that is.
         (${NEWEST_ATTEMPT.replace('where', 'where created_at < e.stopped_at and')})
         limit 1
       ) as triggered (at)`,
      [
        wanted.map(({ id }) => id),
        wanted.map(({ pausedAt, disabledAt }) => disabledAt ?? pausedAt),
        first,
        last,
      ],
    );
    for (const { id, at } of rows) found.set(id, at);
  }
  return found;
}

const NEWEST_ATTEMPT = `select attempt_started_at from (
    select attempt_started_at from deliveries
    where endpoint_id = e.id and day between $3 and $4 order by created_at desc, id desc limit ${NEWEST}
  ) newest where attempt_started_at is not null limit 1`;
