import { proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import type { EventResult, ResendInput } from './contract.js';
import { deliverOpened } from './deliver-opened.js';
import { untilDone } from './options.js';

const { openResend } = proxyActivities<WorkflowActivities>(untilDone);

/** New deliveries of an event in the log, one attempt each. Its id is `resend/<app_id>/<id>`. */
export async function resendEvent(resend: ResendInput): Promise<EventResult> {
  return deliverOpened(() => openResend(resend));
}
