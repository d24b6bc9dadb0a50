import type { Client, WorkflowSignalWithStartOptions } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import { forEachConcurrent } from '../../lib/for-each-concurrent.js';
import type { HealthStatus } from '../../domain/endpoint-health.js';
import type { Attempted } from '../../workflows/attempted.js';
import type * as workflows from '../../workflows/index.js';
import {
  attemptedSignal,
  healthQuery,
  hurrySignal,
  jobChangedSignal,
  lookAgainSignal,
  releaseSignal,
  reportSignal,
} from '../../workflows/messages.js';
import { DEADLINE_MS, inTime, isFull, nullIfNotFound } from '../calls.js';
import { APP_ATTRIBUTE } from '../search-attributes.js';
import {
  drainWorkflowId,
  eventWorkflowId,
  healthWorkflowId,
  recoveryWorkflowId,
  removalWorkflowId,
} from './ids.js';

/** A query needs a worker that answers: nobody waits long for one. */
const HEALTH_WITHIN_MS = 500;

/** What Temporal knows of an event now: whether its workflow runs, and the attempts that wait. */
export interface LiveEvent {
  readonly workflowStatus: string;
  readonly pendingAttempts: readonly {
    readonly retries: number;
    readonly nextAttemptAt: Date | null;
    readonly lastFailure: string | null;
  }[];
}

/** What a recovery's workflow is found by. */
export interface RecoveryJobName {
  readonly id: string;
  readonly appId: string;
  readonly endpointId: string;
}

/**
 * What became of a message. `gone`: its workflow has ended, or not begun. `full`: its run has had so many that Temporal
 * takes no more, until the workflow goes on in another run.
 */
export type Told = 'sent' | 'gone' | 'full';

/** What is asked of workflows that may run already. Every call may throw `TemporalUnavailable`. */
export interface RunningWorkflows {
  describeEvent(appId: string, eventId: string): Promise<LiveEvent | null>;
  /** Starts releasing an endpoint's held deliveries; what does that already looks again before it ends. */
  startDrain(endpointId: string): Promise<void>;
  /** Starts a recovery, or has the one that runs look at its job again. */
  startRecovery(job: RecoveryJobName): Promise<void>;
  /** Starts removing what a deleted application has left, unless that is being done. */
  startRemoval(appId: string): Promise<void>;
  /** Tells what came of a first attempt, and when that was known. */
  tellAttempted(workflowId: string, deliveryId: string, attempted: Attempted): Promise<Told>;
  /** Lets a held delivery go on; one that has ended meanwhile needs no signal. */
  release(workflowId: string, deliveryId: string): Promise<Told>;
  /** Has the next attempt of a delivery that waits made now. */
  hurry(workflowId: string, deliveryId: string): Promise<Told>;
  /** Ends a workflow's deliveries before their next attempts. `gone`: it has ended. */
  cancel(workflowId: string): Promise<'sent' | 'gone'>;
  /**
   * What an endpoint's latest health workflow knows; null where there has been none. It takes a worker, and at most
   * half a second.
   */
  healthOf(endpointId: string): Promise<HealthStatus | null>;
  /** Starts an endpoint's health workflow, or tells the one that runs. */
  reportHealth(appId: string, endpointId: string): Promise<void>;
  /** Tells an endpoint's health workflow, if there is one. */
  remindHealth(endpointId: string): Promise<void>;
  /** Tells what watches, or recovers, an application's endpoints: where they are gone, it ends. */
  remindAllOf(appId: string): Promise<void>;
}

const REMINDED_AT_ONCE = 10;

export function createRunningWorkflows(
  client: Client,
  { taskQueue }: { taskQueue: string },
): RunningWorkflows {
  const ask = <T>(call: () => Promise<T>) => inTime(client, DEADLINE_MS, call);

  /**
   * Signals the workflow of that id, and starts it first where none runs. One that takes no more signals has been told:
   * after so many it goes on in another run (`isLong`), which looks first.
   */
  const startOrSignal = async <Name extends keyof typeof workflows>(
    type: Name,
    workflowId: string,
    start: Pick<WorkflowSignalWithStartOptions<[]>, 'signal' | 'staticSummary' | 'typedSearchAttributes'> & {
      args: Parameters<(typeof workflows)[Name]>;
    },
  ): Promise<void> => {
    await told(() =>
      client.workflow.signalWithStart<Workflow, []>(type, {
        workflowId,
        taskQueue,
        signalArgs: [],
        ...start,
      }),
    );
  };

  return {
    async describeEvent(appId, eventId) {
      const description = await nullIfNotFound(() =>
        ask(() => client.workflow.getHandle(eventWorkflowId(appId, eventId)).describe()),
      );
      if (!description) return null;
      return {
        workflowStatus: description.status.name.toLowerCase(),
        pendingAttempts: (description.raw.pendingActivities ?? []).map((activity) => ({
          retries: (activity.attempt ?? 1) - 1,
          nextAttemptAt: optionalTsToDate(activity.scheduledTime) ?? null,
          lastFailure: activity.lastFailure?.message ?? null,
        })),
      };
    },

    startDrain: (endpointId) =>
      startOrSignal('drainEndpoint', drainWorkflowId(endpointId), {
        args: [endpointId],
        signal: lookAgainSignal,
      }),

    startRecovery: ({ id, appId, endpointId }) =>
      startOrSignal('recoverEndpoint', recoveryWorkflowId(endpointId, id), {
        args: [{ jobId: id, endpointId }],
        signal: jobChangedSignal,
        staticSummary: `recovery of a window for ${endpointId}`,
        typedSearchAttributes: [{ key: APP_ATTRIBUTE, value: appId }],
      }),

    async startRemoval(appId) {
      await ask(() =>
        client.workflow.start('removeApp', {
          workflowId: removalWorkflowId(appId),
          taskQueue,
          args: [appId],
          workflowIdConflictPolicy: 'USE_EXISTING',
          typedSearchAttributes: [{ key: APP_ATTRIBUTE, value: appId }],
        }),
      );
    },

    tellAttempted: (workflowId, deliveryId, { result, at }) =>
      told(() => client.workflow.getHandle(workflowId).signal(attemptedSignal, deliveryId, result, at)),

    release: (workflowId, deliveryId) =>
      told(() => client.workflow.getHandle(workflowId).signal(releaseSignal, deliveryId)),

    hurry: (workflowId, deliveryId) =>
      told(() => client.workflow.getHandle(workflowId).signal(hurrySignal, deliveryId)),

    async cancel(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      // Temporal takes a cancellation of what has ended too: that says nothing.
      const description = await nullIfNotFound(() => ask(() => handle.describe()));
      if (description === null || description.closeTime !== undefined) return 'gone';
      return sentOrGone(() => handle.cancel());
    },

    healthOf: (endpointId) =>
      nullIfNotFound(() =>
        inTime(client, HEALTH_WITHIN_MS, () =>
          client.workflow.getHandle(healthWorkflowId(endpointId)).query(healthQuery),
        ),
      ),

    reportHealth: (appId, endpointId) =>
      startOrSignal('endpointHealth', healthWorkflowId(endpointId), {
        args: [endpointId],
        signal: reportSignal,
        typedSearchAttributes: [{ key: APP_ATTRIBUTE, value: appId }],
      }),

    async remindAllOf(appId) {
      const query = `${APP_ATTRIBUTE.name} = '${appId}' and ExecutionStatus = 'Running' and WorkflowType in ('endpointHealth', 'recoverEndpoint')`;
      const running = await ask(async () => {
        const found: { workflowId: string; type: string }[] = [];
        for await (const { workflowId, type } of client.workflow.list({ query })) {
          found.push({ workflowId, type });
        }
        return found;
      });
      await forEachConcurrent(REMINDED_AT_ONCE, running, ({ workflowId, type }) => {
        const signal = type === 'endpointHealth' ? reportSignal : jobChangedSignal;
        return sentOrGone(() => client.workflow.getHandle(workflowId).signal(signal));
      });
    },

    async remindHealth(endpointId) {
      await told(() => client.workflow.getHandle(healthWorkflowId(endpointId)).signal(reportSignal));
    },
  };

  async function told(call: () => Promise<unknown>): Promise<Told> {
    try {
      return await sentOrGone(call);
    } catch (error) {
      if (!isFull(error)) throw error;
      return 'full';
    }
  }

  async function sentOrGone(call: () => Promise<unknown>): Promise<'sent' | 'gone'> {
    const sent = await nullIfNotFound(() => ask(async () => (await call(), true)));
    return sent === null ? 'gone' : 'sent';
  }
}
