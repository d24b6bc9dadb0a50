import type { Client } from '@temporalio/client';
import type { InStep } from './in-step.js';
import { createRunningWorkflows, type RunningWorkflows } from './running-workflows.js';
import { createWorkflowStarts, type WorkflowStarts } from './workflow-starts.js';

/** What the API and the activities ask of Temporal. Every call may throw `TemporalUnavailable`. */
export type EventWorkflows = WorkflowStarts & RunningWorkflows;

/** @param inStep given where this process has a worker on the same connection, so that it gets first tasks at once */
export function createEventWorkflows(
  client: Client,
  options: { taskQueue: string; namespace: string; inStep: InStep | null },
): EventWorkflows {
  return { ...createWorkflowStarts(client, options), ...createRunningWorkflows(client, options) };
}
