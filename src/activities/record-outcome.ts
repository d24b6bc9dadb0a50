import { recordAttempt } from '../store/attempts.js';
import type { UnrecordedOutcome } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import { changeBy } from './send-attempt.js';

/** Writes an outcome that could not be written when it was known; twice does no harm. */
export function recordOutcomeActivity(deps: Dependencies) {
  return async ({ deliveryId, attempt, result, nextAttemptAt }: UnrecordedOutcome): Promise<void> => {
    const ended = { ...attempt, startedAt: new Date(attempt.startedAt) };
    const change = changeBy(result, nextAttemptAt === null ? null : new Date(nextAttemptAt));
    await recordAttempt(deps.pool, deliveryId, ended, change);
  };
}
