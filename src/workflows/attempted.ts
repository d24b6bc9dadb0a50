import type { AttemptResult } from './contract.js';

/** What came of an attempt, and when that was known, in milliseconds since the epoch. */
export interface Attempted {
  readonly result: AttemptResult;
  readonly at: number;
}

/**
 * The result as it is `now`, in milliseconds since the epoch: a next attempt has come nearer since. The two times may be
 * of different clocks: no delay becomes longer by that.
 */
export function asOf(now: number, { result, at }: Attempted): AttemptResult {
  if (result.kind !== 'retry') return result;
  const elapsedMs = Math.max(0, now - at);
  return { ...result, delayMs: Math.max(0, result.delayMs - elapsedMs) };
}
