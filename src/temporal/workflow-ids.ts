/** By what each workflow is found. */

export const eventWorkflowId = (appId: string, eventId: string) => `event/${appId}/${eventId}`;
export const resendWorkflowId = (appId: string, resendId: string) => `resend/${appId}/${resendId}`;
export const batchWorkflowId = (appId: string, hash: string) => `batch/${appId}/${hash}`;
export const healthWorkflowId = (endpointId: string) => `endpoint-health/${endpointId}`;
export const drainWorkflowId = (endpointId: string) => `drain/${endpointId}`;
export const removalWorkflowId = (appId: string) => `remove-app/${appId}`;
export const recoveryWorkflowId = (endpointId: string, jobId: string) => `recover/${endpointId}/${jobId}`;
