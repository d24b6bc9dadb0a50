import { proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import { untilDone } from './options.js';

const { releaseHeld } = proxyActivities<WorkflowActivities>(untilDone);

/** Lets an enabled endpoint's held deliveries go on, oldest first, until none is held. Its id is `drain/<webhook_id>`. */
export async function drainEndpoint(endpointId: string): Promise<number> {
  let released = 0;
  for (;;) {
    const page = await releaseHeld(endpointId);
    if (page === 0) return released;
    released += page;
  }
}
