import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import type { EventResult } from '../../workflows/contract/event.js';
import type { BatchResult } from '../../workflows/contract/batch.js';
import { DEADLINE_MS, inTime, nullIfNotFound } from '../calls.js';

/** How a workflow began. */
export interface Beginning<Input> {
  readonly input: Input;
  readonly firstRunId: string;
  readonly at: Date;
}

/** How the latest workflow by an id stands. */
export type WorkflowStanding =
  | { readonly kind: 'running' }
  /** `result`: of one that completed; null for one that failed, timed out, or was terminated or cancelled. */
  | {
      readonly kind: 'closed';
      readonly closedAt: Date;
      readonly result: EventResult | BatchResult | null;
    }
  /** Temporal has never known it, or has forgotten or lost it. */
  | { readonly kind: 'unknown' };

/** What Temporal knows of workflows. Every call may throw `TemporalUnavailable`. */
export interface KnownWorkflows {
  standingOf(workflowId: string): Promise<WorkflowStanding>;
  /**
   * How a workflow began; null if Temporal knows none.
   * @param runId of the latest run without it
   */
  beginningOf<Input>(workflowId: string, runId?: string): Promise<Beginning<Input> | null>;
}

export function createKnownWorkflows(
  client: Client,
  { namespace }: { readonly namespace: string },
): KnownWorkflows {
  const ask = <T>(call: () => Promise<T>) => inTime(client, DEADLINE_MS, call);
  return {
    async standingOf(workflowId) {
      const described = await nullIfNotFound(() =>
        ask(() => client.workflow.getHandle(workflowId).describe()),
      );
      if (!described) return { kind: 'unknown' };
      const { runId, closeTime: closedAt, status } = described;
      if (closedAt === undefined) return { kind: 'running' };
      if (status.name !== 'COMPLETED') return { kind: 'closed', closedAt, result: null };
      const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
      const result = (await ask(() => handle.result())) as EventResult | BatchResult;
      return { kind: 'closed', closedAt, result };
    },

    async beginningOf<Input>(workflowId: string, runId?: string) {
      const history = await nullIfNotFound(() =>
        ask(() =>
          client.workflowService.getWorkflowExecutionHistory({
            namespace,
            execution: { workflowId, ...(runId === undefined ? {} : { runId }) },
            maximumPageSize: 1,
          }),
        ),
      );
      const [event] = history?.history?.events ?? [];
      const started = event?.workflowExecutionStartedEventAttributes;
      const payload = started?.input?.payloads?.[0];
      const at = optionalTsToDate(event?.eventTime);
      if (!payload || !at) return null;
      return {
        input: defaultPayloadConverter.fromPayload<Input>(payload),
        firstRunId: started.firstExecutionRunId ?? '',
        at,
      };
    },
  };
}
