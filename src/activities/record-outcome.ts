import { recordAttempt } from '../store/attempts.js';
import type { UnrecordedOutcome } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';

/** Writes an outcome that could not be written when it was known; twice does no harm. */
export function recordOutcomeActivity(deps: Dependencies) {
  return async ({ deliveryId, attempt, result, nextAttemptAt }: UnrecordedOutcome): Promise<void> => {
    await recordAttempt(
      deps.pool,
      deliveryId,
      { ...attempt, startedAt: new Date(attempt.startedAt) },
      {
        status: result.kind === 'delivered' ? 'delivered' : 'failed',
        reason: result.kind === 'failed' ? result.reason : null,
        nextAttemptAt: nextAttemptAt === null ? null : new Date(nextAttemptAt),
      },
    );
  };
}
