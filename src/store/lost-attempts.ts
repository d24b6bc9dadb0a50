/** Error of an attempt whose worker died, or was cut off, before the outcome was known. */
export const WORKER_LOST = 'worker_lost: the worker ended before the outcome of this attempt was known';

/**
 * The start of a statement that marks the attempt which a delivery begun last as lost: `… from <deliveries>`
 * follows, and `on conflict do nothing`, because one that left an outcome is not lost.
 */
export const LOST_ATTEMPTS = `
  insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
  select day, id, attempt_count, attempt_started_at, '${WORKER_LOST}', false, false`;

/**
 * Whether the attempt that the delivery `d` began last has left no outcome. Like `NEXT_ATTEMPT` for statements about one
 * delivery whose $1 is its day: a day that is not given as such would have every day's partition planned for.
 */
export const UNKNOWN_OUTCOME = `(d.attempt_count > 0 and not exists (
  select from attempts t where t.day = $1 and t.delivery_id = d.id and t.number = d.attempt_count))`;

/** The next attempt of the delivery `d`: the one without an outcome, else the one after the last. */
export const NEXT_ATTEMPT = `case when ${UNKNOWN_OUTCOME} then d.attempt_count else d.attempt_count + 1 end`;
