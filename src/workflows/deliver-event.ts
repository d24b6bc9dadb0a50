import { workflowInfo } from '@temporalio/workflow';
import type { CarriedEvent, EventInput, EventResult } from './contract.js';
import { deliverOpened } from './deliver-opened.js';
import { quicklyOrPatiently } from './quickly-or-patiently.js';

/**
 * One event: recorded and matched, then every delivery on its own; or what a batch has left of one. Its id is
 * `event/<app_id>/<event_id>`.
 */
export async function deliverEvent(event: EventInput | CarriedEvent): Promise<EventResult> {
  const { firstExecutionRunId } = workflowInfo();
  return deliverOpened((isCancelled) =>
    quicklyOrPatiently(({ openEvent }) => openEvent(event, firstExecutionRunId, isCancelled)),
  );
}
