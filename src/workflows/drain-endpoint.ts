import { continueAsNew, proxyActivities, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import { GrowingPause } from './growing-pause.js';
import { lookAgainSignal } from './messages.js';
import { paced, SLICES_A_RUN } from './options.js';
import { isLong } from './run-length.js';

const { releaseHeld } = proxyActivities<WorkflowActivities>(paced);

/** Of slices that release nothing. Held deliveries wait for it when there is room again. */
const PAUSES = { free: 1, firstMs: 250, longestMs: 1_000 };
/** Of slices that find none but deliveries which cannot be told now. */
const STUCK_PAUSES = { free: 0, firstMs: 1_000, longestMs: 60_000 };

/**
 * Lets an endpoint's held deliveries go on, oldest first and at its pace, and ends when a look under the endpoint's
 * lock finds none, or finds that it takes none now. Its id is `drain/<webhook_id>`.
 * @param since when the drain began, in milliseconds: it starts slowly
 */
export async function drainEndpoint(endpointId: string, since = Date.now()): Promise<void> {
  let wishes = 0;
  setHandler(lookAgainSignal, () => {
    wishes += 1;
  });
  const pauses = { idle: new GrowingPause(PAUSES), stuck: new GrowingPause(STUCK_PAUSES) };
  for (let slices = 1; ; slices += 1) {
    const seen = wishes;
    const { more, pauseMs, released, untold } = await releaseHeld(endpointId, Date.now() - since);
    // A wish that Temporal does not take any more counts on the run that follows one with so many.
    const isLast = slices >= SLICES_A_RUN || isLong(workflowInfo(), wishes);
    if (!more && wishes === seen && !isLast) return;
    if (released > 0) for (const pause of Object.values(pauses)) pause.reset();
    const growingMs = released > 0 ? 0 : (untold > 0 ? pauses.stuck : pauses.idle).next();
    const waitMs = Math.max(pauseMs, growingMs);
    if (waitMs > 0) await sleep(waitMs, { summary: 'until the next deliveries may go on' });
    if (isLast) await continueAsNew<typeof drainEndpoint>(endpointId, since);
  }
}
