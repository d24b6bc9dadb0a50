import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import type { FinalReason } from '../domain/delivery.js';
import type { Ended, Retry, UnrecordedOutcome } from './contract/delivery.js';
import type { DeliveryProgress } from './delivery-progress.js';
import { untilDone } from './options.js';
import type { Reopening } from './reopening.js';

/** What a workflow knows of a delivery, and the log is still to be told. */

const { recordOutcome, closeDelivery } = proxyActivities<WorkflowActivities>(untilDone);

/** Writes down late what is known. It ends or goes on by that, whether or not the log can be told. */
export function recorded(
  progress: DeliveryProgress,
  outcome: UnrecordedOutcome,
  reopening: Reopening,
): Promise<Ended | Retry> {
  return CancellationScope.nonCancellable(async () => {
    const written = await recordOutcome(outcome);
    if (written.kind !== 'not_in_log') return written;
    const known = progress.known({ begun: outcome.attempt.number, state: 'under_way' });
    const again = (await reopening.ifPossible(known)) ? await recordOutcome(outcome) : written;
    return again.kind === 'not_in_log' ? outcome.result : again;
  });
}

/** Ends the delivery as somebody wishes, also when the log cannot be told of it. */
export async function closed(
  progress: DeliveryProgress,
  reason: FinalReason,
  reopening: Reopening,
): Promise<Ended> {
  const { id } = progress.delivery;
  const begun = progress.attempt - 1;
  const ended = await closeDelivery(id, reason);
  if (ended.kind !== 'not_in_log') return ended;
  await reopening.ifPossible(progress.known({ begun, state: 'waiting' }));
  const again = await closeDelivery(id, reason);
  return again.kind === 'not_in_log' ? { kind: 'failed', number: begun, reason, attempts: [] } : again;
}
