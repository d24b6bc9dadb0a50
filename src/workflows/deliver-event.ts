import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import { isCarried, type CarriedEvent, type EventInput, type EventResult } from './contract/event.js';
import type { Continued } from './continued.js';
import { deliverOpened } from './deliver-opened.js';
import { quicklyOrPatiently } from './quickly-or-patiently.js';

/**
 * One event: recorded and matched, then every delivery on its own; or what a batch has left of one. Its id is
 * `event/<app_id>/<event_id>`.
 * @param continued what an earlier run has left
 */
export async function deliverEvent(
  event: EventInput | CarriedEvent,
  continued?: Continued,
): Promise<EventResult> {
  const { firstExecutionRunId } = workflowInfo();
  return deliverOpened({
    open: (isCancelled) =>
      quicklyOrPatiently('record the event, first attempts', ({ openEvent }) =>
        openEvent(event, firstExecutionRunId, isCancelled),
      ),
    continued,
    continueAsNew: (left) => continueAsNew<typeof deliverEvent>(itself(event), left),
  });
}

/** The event without what its batch knew of its first attempts, which is not true any more. */
function itself(event: EventInput | CarriedEvent): EventInput | CarriedEvent {
  if (!isCarried(event)) return event;
  const { firstAttempts: _past, schedules: _kept, ...rest } = event;
  return rest;
}
