import { healthRuleFor, countedOnly, type HealthRule } from '../../domain/health-rule.js';
import type { FinalReason } from '../../domain/delivery.js';
import { profileById } from '../../profiles/index.js';
import { attemptsOf } from '../../store/attempts/attempt-lists.js';
import { closeDelivery, type ClosedDelivery, type Standing } from '../../store/deliveries/close-delivery.js';
import { appOfDelivery } from '../../store/endpoints/health.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Ended, Failed, NotInLog, Retry } from '../../workflows/contract/delivery.js';
import { afterEnd } from './after-end.js';
import { summaryOf } from './attempt-summary.js';
import type { Dependencies } from '../dependencies.js';
import { withinLogPatience } from './log-patience.js';

/** Ends a delivery that no attempt ended. One that has ended meanwhile stays as it is, and is returned so. */
export function closeDeliveryActivity(deps: Dependencies) {
  return (deliveryId: string, reason: FinalReason): Promise<Ended | NotInLog> =>
    closeWith(deps, deliveryId, reason);
}

/** Ends a delivery whose last attempt was lost; an attempt that was never begun is made instead. */
export function concludeLostActivity(deps: Dependencies) {
  return async (deliveryId: string, lastAttempt: number): Promise<Ended | Retry | NotInLog> => {
    const rule = await ruleOf(deps, deliveryId);
    const options = { lost: lastAttempt, rule };
    const closed = await closeDelivery(deps.pool, deliveryId, 'exhausted', deps.now(), options);
    if (closed?.standing.status === null) {
      const next = closed.standing.attemptCount + 1;
      // Either it was lost before it began, or the log has gone back and forgot it.
      return { kind: 'retry', next, delayMs: 0, last: null, mayRepeat: true };
    }
    return endedAndTold(deps, deliveryId, closed);
  };
}

export async function closeWith(
  deps: Dependencies,
  deliveryId: string,
  reason: FinalReason,
): Promise<Ended | NotInLog> {
  // Only a delivery whose attempts are used up counts for its endpoint's health.
  const rule = reason === 'exhausted' ? await withinLogPatience(ruleOf(deps, deliveryId)) : countedOnly;
  const closed = await withinLogPatience(closeDelivery(deps.pool, deliveryId, reason, deps.now(), { rule }));
  return endedAndTold(deps, deliveryId, closed);
}

/** When failures disable the endpoint of a delivery. */
export async function ruleOf(deps: Dependencies, deliveryId: string): Promise<HealthRule> {
  const app = await appOfDelivery(deps.pool, dayOfDelivery(deliveryId), deliveryId);
  return app ? healthRuleFor(profileById(app.profile), app.settings) : countedOnly;
}

async function endedAndTold(
  deps: Dependencies,
  deliveryId: string,
  closed: ClosedDelivery | null,
): Promise<Ended | NotInLog> {
  if (!closed) return { kind: 'not_in_log' };
  deps.changes.tell({ kind: 'delivery', appId: closed.delivery.appId, id: deliveryId });
  const ended = await endedAs(deps, deliveryId, closed.standing);
  await afterEnd(deps, closed.delivery, ended, closed.change ?? 'unknown');
  return ended;
}

/** How a delivery in the log ended, as its workflow is told; a failure with the whole attempt table. */
export async function endedAs(deps: Dependencies, deliveryId: string, ended: Standing): Promise<Ended> {
  const { attemptCount: number, lastStatusCode: statusCode, reason } = ended;
  if (ended.status === 'delivered') return { kind: 'delivered', number, statusCode };
  return withHistory(deps, deliveryId, {
    kind: 'failed',
    number,
    reason: reason ?? 'cancelled',
    attempts: [],
  });
}

/** The failure with the delivery's whole attempt table; with what is known if the log cannot be read now. */
export async function withHistory(deps: Dependencies, deliveryId: string, failed: Failed): Promise<Failed> {
  try {
    const attempts = await withinLogPatience(attemptsOf(deps.pool, dayOfDelivery(deliveryId), [deliveryId]));
    return { ...failed, attempts: (attempts.get(deliveryId) ?? []).map(summaryOf) };
  } catch {
    return failed;
  }
}
