import { withTimeout } from '../../lib/timeout.js';

/** Longer than this the log is taken as away. Twice this fits into `ATTEMPT_OVERHEAD_MS`. */
export const LOG_PATIENCE_MS = 4_000;

/**
 * Returns what PostgreSQL answers, unless it takes too long. The statement itself goes on: it must be harmless when it comes
 * to an end later.
 * @throws Error when the time is up
 */
export function withinLogPatience<T>(statement: Promise<T>): Promise<T> {
  return withTimeout(
    LOG_PATIENCE_MS,
    statement,
    () => new Error(`PostgreSQL did not answer within ${LOG_PATIENCE_MS} ms`),
  );
}
