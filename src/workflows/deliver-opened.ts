import { CancellationScope, patched, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { carryOut } from './delivery.js';
import type { EventResult, Opening } from './contract.js';
import { EventProgress, resultOf } from './event-progress.js';
import { Reopening } from './reopening.js';
import { attemptedSignal, hurrySignal, releaseSignal, statusQuery } from './messages.js';
import { soon } from './soon.js';

/** Opens, then carries out every delivery on its own, in parallel, and answers messages meanwhile. */
export async function deliverOpened(open: (isCancelled: boolean) => Promise<Opening>): Promise<EventResult> {
  const progress = new EventProgress(soon(() => setCurrentDetails(progress.details())));
  setHandler(statusQuery, () => progress.status());
  setHandler(attemptedSignal, (deliveryId, result, at) => progress.attempted(deliveryId, { result, at }));
  setHandler(releaseSignal, (deliveryId) => progress.release(deliveryId));
  setHandler(hurrySignal, (deliveryId) => {
    // v0.2 did not know it.
    if (patched('hurry')) progress.hurry(deliveryId);
  });

  // So it may be in the workflow's first task: then nothing is to be sent.
  const { consideredCancelled: isCancelled } = CancellationScope.current();
  // A cancelled event is recorded too, and its deliveries as cancelled.
  const opening = await CancellationScope.nonCancellable(() => open(isCancelled));
  if (opening.kind === 'ignored') return { status: 'ignored', deliveries: [] };
  const delivered = (opening.delivered ?? []).map((delivery) => progress.addDelivered(delivery));
  const left = opening.deliveries.map((delivery) => progress.add(delivery));
  const reopening = new Reopening(() => progress.ended());
  const ended = await Promise.all(left.map((delivery) => carryOut(delivery, reopening)));
  return resultOf([...delivered, ...ended]);
}
