import { recordAttempt } from '../../store/attempts/attempts.js';
import { findEnding } from '../../store/deliveries/close-delivery.js';
import { isDeliveryKnown } from '../../store/deliveries/deliveries.js';
import type { Ended, NotInLog, Retry, UnrecordedOutcome } from '../../workflows/contract/delivery.js';
import { afterEnd } from './after-end.js';
import { ruleOf } from './close-delivery.js';
import type { Dependencies } from '../dependencies.js';
import { changeBy } from './send-attempt.js';

/** Writes an outcome that could not be written when it was known, and gives it as it is now; twice does no harm. */
export function recordOutcomeActivity(deps: Dependencies) {
  return async ({
    deliveryId,
    attempt,
    result,
    nextAttemptAt,
  }: UnrecordedOutcome): Promise<Ended | Retry | NotInLog> => {
    const ended = { ...attempt, startedAt: new Date(attempt.startedAt) };
    const change = changeBy(result, nextAttemptAt === null ? null : new Date(nextAttemptAt));
    const rule = await ruleOf(deps, deliveryId);
    const { changed, health } = await recordAttempt(deps.pool, deliveryId, ended, change, rule);
    if (!changed && !(await isDeliveryKnown(deps.pool, deliveryId))) return { kind: 'not_in_log' };
    deps.changes.tell({ kind: 'attempt', appId: null, id: deliveryId, number: ended.number });
    // The time until the next attempt has been running meanwhile.
    if (result.kind === 'retry') return { ...result, delayMs: leftUntil(nextAttemptAt, deps.now()) };
    // Also what was written before: whoever wrote it may not have told of it.
    const ending = await findEnding(deps.pool, deliveryId);
    if (ending?.status === result.kind) await afterEnd(deps, ending.delivery, result, health ?? 'unknown');
    return result;
  };
}

function leftUntil(time: string | null, now: Date): number {
  return time === null ? 0 : Math.max(0, Date.parse(time) - now.getTime());
}
