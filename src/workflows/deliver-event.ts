import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import type { CarriedEvent, EventInput, EventResult } from './contract.js';
import { deliverOpened } from './deliver-opened.js';
import { opening, sooner, untilDone } from './options.js';

const quickly = proxyLocalActivities<WorkflowActivities>(opening);
const patiently = proxyActivities<WorkflowActivities>(untilDone);

/**
 * One event: recorded and matched, then every delivery on its own; or what a batch has left of one. Its id is
 * `event/<app_id>/<event_id>`.
 */
export async function deliverEvent(event: EventInput | CarriedEvent): Promise<EventResult> {
  const { firstExecutionRunId } = workflowInfo();
  return deliverOpened(() =>
    sooner(
      () => quickly.openEvent(event, firstExecutionRunId),
      () => patiently.openEvent(event, firstExecutionRunId),
    ),
  );
}
