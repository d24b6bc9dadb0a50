import { proxyLocalActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import type { EventResult, ResendInput } from './contract.js';
import { deliverOpened } from './deliver-opened.js';

const { openResend } = proxyLocalActivities<WorkflowActivities>({
  startToCloseTimeout: '10 seconds',
  localRetryThreshold: '3 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** New deliveries of an event in the log, one attempt each. Its id is `resend/<app_id>/<id>`. */
export async function resendEvent(resend: ResendInput): Promise<EventResult> {
  return deliverOpened(() => openResend(resend));
}
