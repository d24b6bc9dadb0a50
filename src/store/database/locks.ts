import { errorCode } from '../../lib/errors.js';
import { QUERY_CANCELED } from './errors.js';

/**
 * Who changes the schema while others work waits for a lock no longer than this, and tries again later: behind a
 * strong lock that is waited for, everybody waits. It is less than PostgreSQL's `deadlock_timeout` (1 s), so that it
 * is always who changes the schema that gives way.
 */
export const LOCK_TIMEOUT_MS = 300;

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

/** Whether a statement failed because somebody else had a lock that it needed. */
export function isInTheWay(error: unknown): boolean {
  return [LOCK_NOT_AVAILABLE, QUERY_CANCELED, DEADLOCK_DETECTED].includes(errorCode(error) ?? '');
}
