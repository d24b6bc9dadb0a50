import { recordAttempt } from '../store/attempts.js';
import { findEnding } from '../store/close-delivery.js';
import type { UnrecordedOutcome } from '../workflows/contract.js';
import { afterEnd } from './after-end.js';
import { ruleOf } from './close-delivery.js';
import type { Dependencies } from './dependencies.js';
import { changeBy } from './send-attempt.js';

/** Writes an outcome that could not be written when it was known; twice does no harm. */
export function recordOutcomeActivity(deps: Dependencies) {
  return async ({ deliveryId, attempt, result, nextAttemptAt }: UnrecordedOutcome): Promise<void> => {
    const ended = { ...attempt, startedAt: new Date(attempt.startedAt) };
    const change = changeBy(result, nextAttemptAt === null ? null : new Date(nextAttemptAt));
    const rule = await ruleOf(deps, deliveryId);
    const { health } = await recordAttempt(deps.pool, deliveryId, ended, change, rule);
    if (result.kind === 'retry') return;
    // Also what was written before: whoever wrote it may not have told of it.
    const ending = await findEnding(deps.pool, deliveryId);
    if (ending?.status === result.kind) await afterEnd(deps, ending.delivery, result, health ?? 'unknown');
  };
}
