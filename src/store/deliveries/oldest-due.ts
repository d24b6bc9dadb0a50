import { DAY_MS } from '../../domain/day.js';
import { LONGEST_SCHEDULE_SECONDS } from '../../domain/schedule.js';
import { spansOldestFirst } from '../database/day-spans.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** A delivery is kept under the day of its event; `deliver_at` and the schedule may put it off by 28 days each. */
const OLDEST_EVENT_MS = 2 * LONGEST_SCHEDULE_SECONDS * 1_000 + DAY_MS;

/**
 * For how long the delivery has been due that has waited for its attempt for the longest, in milliseconds; null when
 * none is due. What is held is not due. A first attempt has no due time before it is a few minutes late.
 */
export async function oldestDueMs(db: Queryable, now: Date): Promise<number | null> {
  let oldest: number | null = null;
  for (const { first, last } of await spansOldestFirst(db, {
    from: new Date(now.getTime() - OLDEST_EVENT_MS),
  })) {
    const [due] = await rowsOf<{ ms: number }>(
      db,
      sql`select extract(epoch from now() - next_attempt_at)::float8 * 1000 as ms from deliveries
       where next_attempt_at is not null and next_attempt_at <= now() and status <> 'processing'
         and day between ${first} and ${last}
       order by next_attempt_at, id limit 1`,
    );
    if (due) oldest = Math.max(oldest ?? 0, due.ms);
  }
  return oldest;
}
