import { acceptedAtOf } from '../delivery/delivery-id.js';
import { attemptsOf, closeDelivery } from '../store/attempts.js';
import { dayOf } from '../store/partitions.js';
import type { AttemptResult, FinalReason } from '../workflows/contract.js';
import { summaryOf } from './attempt-summary.js';
import type { Dependencies } from './dependencies.js';

type Failed = Extract<AttemptResult, { kind: 'failed' }>;

/** Ends a delivery that no attempt ended. One that has ended meanwhile stays as it is, and is returned so. */
export function closeDeliveryActivity(deps: Dependencies) {
  return (deliveryId: string, reason: FinalReason): Promise<AttemptResult> =>
    closeWith(deps, deliveryId, reason);
}

export async function closeWith(
  deps: Dependencies,
  deliveryId: string,
  reason: FinalReason,
): Promise<AttemptResult> {
  const closed = await closeDelivery(deps.pool, deliveryId, reason, deps.now());
  const number = closed?.attemptCount ?? 0;
  if (closed?.status === 'delivered') return { kind: 'delivered', number, statusCode: null };
  const final = (closed?.reason ?? reason) as FinalReason;
  return failedWithHistory(deps, deliveryId, { kind: 'failed', number, reason: final, attempts: [] });
}

/** The failure with the delivery's whole attempt table; with what is known if the log cannot be read now. */
export async function failedWithHistory(
  deps: Dependencies,
  deliveryId: string,
  failed: Failed,
): Promise<Failed> {
  const acceptedAt = acceptedAtOf(deliveryId);
  if (!acceptedAt) return failed;
  try {
    const attempts = await attemptsOf(deps.pool, dayOf(acceptedAt), [deliveryId]);
    return { ...failed, attempts: (attempts.get(deliveryId) ?? []).map(summaryOf) };
  } catch {
    return failed;
  }
}
