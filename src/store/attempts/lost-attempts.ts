import type { Day } from '../../domain/day.js';
import { sql } from '../database/sql.js';

/** Error of an attempt whose worker died, or was cut off, before the outcome was known. */
export const WORKER_LOST = 'worker_lost: the worker ended before the outcome of this attempt was known';

/**
 * The start of a statement that marks the attempt which a delivery begun last as lost: `… from <deliveries>`
 * follows, and `on conflict do nothing`, because one that left an outcome is not lost. It stays marked as what may
 * have been sent twice.
 */
export const LOST_ATTEMPTS = sql`
  insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
  select day, id, attempt_count, attempt_started_at, ${WORKER_LOST}::text, false, possibly_repeated`;

/**
 * Whether the attempt that the delivery `d` began last has left no outcome; `day` is the delivery's. One that
 * has failed has left one, although a statement that has waited for the delivery may not see it among the attempts.
 */
export const unknownOutcome = (day: Day) => sql`(d.attempt_count > 0 and d.status <> 'failed' and not exists (
  select from attempts t where t.day = ${day} and t.delivery_id = d.id and t.number = d.attempt_count))`;

/** The next attempt of the delivery `d`: the one without an outcome, else the one after the last. */
export const nextAttempt = (day: Day) =>
  sql`case when ${unknownOutcome(day)} then d.attempt_count else d.attempt_count + 1 end`;
