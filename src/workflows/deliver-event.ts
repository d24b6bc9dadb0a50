import { proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import type { EventInput, EventResult } from './contract.js';
import { deliverOpened } from './deliver-opened.js';

const { openEvent } = proxyLocalActivities<WorkflowActivities>({
  startToCloseTimeout: '10 seconds',
  // While PostgreSQL is away the waiting becomes a timer of the server's, at no cost to the worker.
  localRetryThreshold: '3 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** One event: recorded and matched, then every delivery on its own. Its id is `event/<app_id>/<event_id>`. */
export async function deliverEvent(event: EventInput): Promise<EventResult> {
  return deliverOpened(() => openEvent(event, workflowInfo().firstExecutionRunId));
}
