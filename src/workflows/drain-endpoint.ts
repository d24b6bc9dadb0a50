import { proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';

const { releaseHeld } = proxyActivities<WorkflowActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Lets an enabled endpoint's held deliveries go on, oldest first, until none is held. Its id is `drain/<webhook_id>`. */
export async function drainEndpoint(endpointId: string): Promise<number> {
  let released = 0;
  for (;;) {
    const page = await releaseHeld(endpointId);
    if (page === 0) return released;
    released += page;
  }
}
