import type { Client } from '@temporalio/client';
import { createRunningWorkflows, type RunningWorkflows } from './running-workflows.js';
import { createWorkflowStarts, type WorkflowStarts, type WorkflowStartsOptions } from './workflow-starts.js';

/** What the API and the activities ask of Temporal. Every call may throw `TemporalUnavailable`. */
export type EventWorkflows = WorkflowStarts & RunningWorkflows;

export function createEventWorkflows(client: Client, options: WorkflowStartsOptions): EventWorkflows {
  return { ...createWorkflowStarts(client, options), ...createRunningWorkflows(client, options) };
}
