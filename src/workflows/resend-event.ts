import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import type { EventResult, ResendInput } from './contract/event.js';
import type { Continued } from './continued.js';
import { deliverOpened } from './deliver-opened.js';
import { untilDone } from './options.js';

const { openResend } = proxyActivities<WorkflowActivities>(untilDone);

/**
 * New deliveries of an event in the log: a resend's, or a recovery's. Its id is `resend/<app_id>/<id>`.
 * @param continued what an earlier run has left
 */
export async function resendEvent(resend: ResendInput, continued?: Continued): Promise<EventResult> {
  return deliverOpened({
    open: () => openResend(resend),
    continued,
    continueAsNew: (left) => continueAsNew<typeof resendEvent>(resend, left),
  });
}
