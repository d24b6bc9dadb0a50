import type { AttemptResult } from './contract/delivery.js';
import { after } from './steps.js';

/** What came of an attempt, and when that was known, in milliseconds since the epoch. */
export interface Attempted {
  readonly result: AttemptResult;
  readonly at: number;
}

/**
 * The result as it is `now`, in milliseconds since the epoch: a next attempt has come nearer since. The two times may be
 * of different clocks: no delay becomes longer by that, and an attempt that comes too early is told so by the log.
 */
export function asOf(now: number, { result, at }: Attempted): AttemptResult {
  return after(now - at, result);
}
