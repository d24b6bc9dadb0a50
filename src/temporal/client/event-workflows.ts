import type { Client } from '@temporalio/client';
import { createKnownWorkflows, type KnownWorkflows } from './known.js';
import { createRunningWorkflows, type RunningWorkflows } from './running.js';
import { createWorkflowStarts, type WorkflowStarts, type WorkflowStartsOptions } from './starts.js';

/** What the API and the activities ask of Temporal. Every call may throw `TemporalUnavailable`. */
export type EventWorkflows = WorkflowStarts & RunningWorkflows & KnownWorkflows;

export function createEventWorkflows(client: Client, options: WorkflowStartsOptions): EventWorkflows {
  const known = createKnownWorkflows(client, options);
  return {
    ...known,
    ...createWorkflowStarts(client, known, options),
    ...createRunningWorkflows(client, options),
  };
}
