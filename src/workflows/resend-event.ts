import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import type { EventResult, ResendInput } from './contract.js';
import { deliverOpened } from './deliver-opened.js';
import { opening, untilDone } from './options.js';

/** The first builds of v0.1 opened a resend in the workflow's own task; their histories tell it by nothing but time. */
const QUEUED_SINCE = Date.UTC(2026, 10, 21, 11);

const queued = proxyActivities<WorkflowActivities>(untilDone);
const local = proxyLocalActivities<WorkflowActivities>(opening);

/** New deliveries of an event in the log: a resend's, or a recovery's. Its id is `resend/<app_id>/<id>`. */
export async function resendEvent(resend: ResendInput): Promise<EventResult> {
  const { openResend } = workflowInfo().startTime.getTime() < QUEUED_SINCE ? local : queued;
  return deliverOpened(() => openResend(resend));
}
