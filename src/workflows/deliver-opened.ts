import { CancellationScope, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { EventResult, Opening } from './contract/event.js';
import type { Continued } from './continued.js';
import { carryOut } from './delivery.js';
import { EventProgress, resultOf } from './event-progress.js';
import { Reopening } from './reopening.js';
import { attemptedSignal, hurrySignal, releaseSignal, statusQuery } from './messages.js';
import { isLong } from './run-length.js';
import { soon } from './soon.js';
import { understood } from './steps.js';

/** How a workflow opens what it delivers, and how its next run goes on. */
export interface Delivering {
  readonly open: (isCancelled: boolean) => Promise<Opening>;
  /** What an earlier run has left. */
  readonly continued: Continued | undefined;
  readonly continueAsNew: (continued: Continued) => Promise<never>;
}

/**
 * Opens, then carries out every delivery on its own, in parallel, and answers messages meanwhile. When the history has
 * become long, because deliveries were held and released often, what is left is carried on by another run.
 */
export async function deliverOpened({ open, continued, continueAsNew }: Delivering): Promise<EventResult> {
  const progress = new EventProgress(soon(() => setCurrentDetails(progress.details())));
  let signals = 0;
  const mindLength = () => {
    if (isLong(workflowInfo(), signals)) progress.leave();
  };
  const heard = () => {
    signals += 1;
    mindLength();
  };
  setHandler(statusQuery, () => progress.status());
  setHandler(attemptedSignal, (deliveryId, result, at) => {
    const step = understood(result, 1);
    if (step.kind !== 'hurried') progress.attempted(deliveryId, { result: step, at });
    heard();
  });
  setHandler(releaseSignal, (deliveryId) => {
    progress.release(deliveryId);
    heard();
  });
  setHandler(hurrySignal, (deliveryId) => {
    progress.hurry(deliveryId);
    heard();
  });

  const opening = continued ?? (await opened(open));
  if (opening === null) return { status: 'ignored', deliveries: [] };
  for (const ended of opening.ended) progress.addEnded(ended);
  const left = opening.deliveries.map((delivery) => progress.add(delivery));
  progress.areAllKnown();
  const reopening = new Reopening(() => progress.ended());
  await Promise.all(left.map((delivery) => carryOut(delivery, reopening, mindLength)));
  const toContinue = progress.continued(Date.now());
  if (toContinue) return continueAsNew(toContinue);
  return resultOf(progress.results());
}

/** Null when there is nothing to deliver. */
async function opened(open: Delivering['open']): Promise<Continued | null> {
  // So it may be in the workflow's first task: then nothing is to be sent.
  const { consideredCancelled: isCancelled } = CancellationScope.current();
  // A cancelled event is recorded too, and its deliveries as cancelled.
  const opening = await CancellationScope.nonCancellable(() => open(isCancelled));
  if (opening.kind === 'ignored') return null;
  const { deliveries, delivered = [] } = opening;
  return {
    deliveries,
    ended: delivered.map(({ id, endpointId }) => ({
      result: { deliveryId: id, endpointId, status: 'delivered', reason: null, attempts: 1 },
      last: null,
    })),
  };
}
