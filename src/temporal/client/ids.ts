/** By what each workflow is found. */

export const eventWorkflowId = (appId: string, eventId: string) => `event/${appId}/${eventId}`;
export const resendWorkflowId = (appId: string, resendId: string) => `resend/${appId}/${resendId}`;
export const batchWorkflowId = (appId: string, hash: string) => `batch/${appId}/${hash}`;
export const healthWorkflowId = (endpointId: string) => `endpoint-health/${endpointId}`;
export const drainWorkflowId = (endpointId: string) => `drain/${endpointId}`;
export const removalWorkflowId = (appId: string) => `remove-app/${appId}`;
export const recoveryWorkflowId = (endpointId: string, jobId: string) => `recover/${endpointId}/${jobId}`;

const BATCH = 'batch/';
const RESEND = 'resend/';

/** Whether a workflow id, or who opened an event, is a batch's. */
export const isBatchWorkflow = (workflowId: string) => workflowId.startsWith(BATCH);

/** The resend's own part of its workflow's id; null for the workflow of an event. */
export function resendIdOf(workflowId: string): string | null {
  return workflowId.startsWith(RESEND) ? workflowId.slice(workflowId.lastIndexOf('/') + 1) : null;
}
