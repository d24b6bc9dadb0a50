/** Error of an attempt whose worker died, or was cut off, before the outcome was known. */
export const WORKER_LOST = 'worker_lost: the worker ended before the outcome of this attempt was known';

/**
 * The start of a statement that marks the attempt which a delivery begun last as lost: `… from <deliveries>`
 * follows, and `on conflict do nothing`, because one that left an outcome is not lost.
 */
export const LOST_ATTEMPTS = `
  insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
  select day, id, attempt_count, attempt_started_at, '${WORKER_LOST}', false, false`;
