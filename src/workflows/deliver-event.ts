import { proxyActivities, proxyLocalActivities, TemporalFailure, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import type { EventInput, EventResult } from './contract.js';
import { deliverOpened } from './deliver-opened.js';
import { opening, untilDone } from './options.js';

const quickly = proxyLocalActivities<WorkflowActivities>(opening);
const patiently = proxyActivities<WorkflowActivities>(untilDone);

/** One event: recorded and matched, then every delivery on its own. Its id is `event/<app_id>/<event_id>`. */
export async function deliverEvent(event: EventInput): Promise<EventResult> {
  const { firstExecutionRunId } = workflowInfo();
  return deliverOpened(async () => {
    try {
      return await quickly.openEvent(event, firstExecutionRunId);
    } catch (error) {
      // A local activity's failure comes as it is, not as an ActivityFailure.
      if (!(error instanceof TemporalFailure)) throw error;
      return patiently.openEvent(event, firstExecutionRunId);
    }
  });
}
