import { continueAsNew, patched, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import { lookAgainSignal } from './messages.js';
import { paced, SLICES_A_RUN } from './options.js';

const { releaseHeld } = proxyActivities<WorkflowActivities>(paced);

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
  // v0.1 and v0.2 gave no time, and got the number of deliveries released until there were none.
  const isPaced = patched('paced-drain');
  for (let slices = 1; ; slices += 1) {
    const seen = wishes;
    const slice = await (isPaced ? releaseHeld(endpointId, since) : releaseHeld(endpointId));
    const { more, pauseMs } = typeof slice === 'number' ? { more: slice > 0, pauseMs: 0 } : slice;
    if (!more && wishes === seen) return;
    if (pauseMs > 0) await sleep(pauseMs);
    if (isPaced && slices >= SLICES_A_RUN) await continueAsNew<typeof drainEndpoint>(endpointId, since);
  }
}
