import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowIdReusePolicy,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import {
  isCarried,
  type BatchInput,
  type CarriedEvent,
  type EventInput,
  type ResendInput,
} from '../workflows/contract.js';
import type * as workflows from '../workflows/index.js';
import {
  hurrySignal,
  jobChangedSignal,
  lookAgainSignal,
  releaseSignal,
  reportSignal,
} from '../workflows/messages.js';
import { inTime, isNotFound } from './calls.js';
import { APP_ATTRIBUTE, EVENT_TYPE_ATTRIBUTE } from './search-attributes.js';

export const eventWorkflowId = (appId: string, eventId: string) => `event/${appId}/${eventId}`;
export const resendWorkflowId = (appId: string, resendId: string) => `resend/${appId}/${resendId}`;
const batchWorkflowId = (appId: string, hash: string) => `batch/${appId}/${hash}`;
const healthWorkflowId = (endpointId: string) => `endpoint-health/${endpointId}`;
const drainWorkflowId = (endpointId: string) => `drain/${endpointId}`;
const removalWorkflowId = (appId: string) => `remove-app/${appId}`;
const recoveryWorkflowId = (endpointId: string, jobId: string) => `recover/${endpointId}/${jobId}`;

/** A caller of the API waits for this long at most. */
const DEADLINE_MS = 5_000;

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

/** What the API and the activities ask of Temporal. Every call may throw `TemporalUnavailable`. */
export interface EventWorkflows {
  /** Makes an event durable. `exists`: an event with this id was accepted before, and this one was not. */
  startEvent(event: EventInput): Promise<'started' | 'exists'>;
  /** Makes a batch of events durable. `exists`: this very batch was accepted before. */
  startBatch(hash: string, batch: BatchInput): Promise<'started' | 'exists'>;
  /** A batch as it was accepted; null if Temporal knows none. */
  findBatch(appId: string, hash: string): Promise<BatchInput | null>;
  /**
   * Starts the workflow that carries an event of a batch on, unless it has been started.
   * @throws Error while a workflow of the event's id runs that lost the event to the batch: it ends soon
   */
  carryOn(event: CarriedEvent): Promise<void>;
  /** The event as it was accepted, from its workflow's first history event; null if Temporal knows none. */
  findEvent(appId: string, eventId: string): Promise<EventInput | CarriedEvent | null>;
  describeEvent(appId: string, eventId: string): Promise<LiveEvent | null>;
  /** Starts a resend; a repetition with the same id changes nothing. */
  startResend(resendId: string, resend: ResendInput): Promise<void>;
  /** Starts releasing an endpoint's held deliveries; what does that already looks again before it ends. */
  startDrain(endpointId: string): Promise<void>;
  /** Starts a recovery, or has the one that runs look at its job again. */
  startRecovery(job: RecoveryJobName): Promise<void>;
  /** Starts removing what a deleted application has left, or has what does that look once more. */
  startRemoval(appId: string): Promise<void>;
  /** Lets a held delivery go on; one that has ended meanwhile needs no signal. */
  release(workflowId: string, deliveryId: string): Promise<void>;
  /** Has the next attempt of a delivery that waits made now. `gone`: its workflow has ended. */
  hurry(workflowId: string, deliveryId: string): Promise<'sent' | 'gone'>;
  /** Ends a workflow's deliveries before their next attempts. `gone`: it has ended. */
  cancel(workflowId: string): Promise<'sent' | 'gone'>;
  /** Starts an endpoint's health workflow, or tells the one that runs. */
  reportHealth(appId: string, endpointId: string): Promise<void>;
  /** Tells an endpoint's health workflow, if there is one. */
  remindHealth(endpointId: string): Promise<void>;
}

/** @param eager whether this process has a worker on the same connection, so that it gets the first task at once */
export function createEventWorkflows(
  client: Client,
  options: { taskQueue: string; namespace: string; eager: boolean },
): EventWorkflows {
  const { taskQueue, namespace, eager } = options;
  const ask = <T>(call: () => Promise<T>) => inTime(client, DEADLINE_MS, call);

  /** Starts a workflow once: an id that was used before, also by one that has ended, is not used again. */
  const startOnce = async (
    type: keyof typeof workflows,
    workflowId: string,
    start: {
      input: EventInput | CarriedEvent | ResendInput | BatchInput;
      eventType?: string;
      summary: string;
      reuse?: WorkflowIdReusePolicy;
    },
  ): Promise<'started' | 'exists'> => {
    try {
      await ask(() =>
        client.workflow.start(type, {
          workflowId,
          taskQueue,
          args: [start.input],
          workflowIdReusePolicy: start.reuse ?? 'REJECT_DUPLICATE',
          requestEagerStart: eager,
          staticSummary: start.summary,
          typedSearchAttributes: [
            { key: APP_ATTRIBUTE, value: start.input.appId },
            ...(start.eventType === undefined ? [] : [{ key: EVENT_TYPE_ATTRIBUTE, value: start.eventType }]),
          ],
        }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
      throw error;
    }
  };

  return {
    startEvent: (event) =>
      startOnce('deliverEvent', eventWorkflowId(event.appId, event.eventId), {
        input: event,
        eventType: event.eventType,
        summary: event.eventType,
      }),

    startBatch: (hash, batch) =>
      startOnce('deliverBatch', batchWorkflowId(batch.appId, hash), {
        input: batch,
        summary: `${batch.events.length} events`,
        // One that somebody terminated has left events that nobody carries on.
        reuse: 'ALLOW_DUPLICATE_FAILED_ONLY',
      }),

    findBatch: (appId, hash) => inputOf<BatchInput>(batchWorkflowId(appId, hash)),

    async carryOn(event) {
      const workflowId = eventWorkflowId(event.appId, event.eventId);
      const started = await startOnce('deliverEvent', workflowId, {
        input: event,
        eventType: event.eventType,
        summary: `${event.eventType}, of a batch`,
        // One that lost the event to the batch may have had the id.
        reuse: 'ALLOW_DUPLICATE',
      });
      if (started === 'started') return;
      const running = await inputOf<EventInput | CarriedEvent>(workflowId);
      if (running && isCarried(running)) return;
      throw new Error('a workflow that lost this event to its batch has not ended yet');
    },

    findEvent: (appId, eventId) => inputOf(eventWorkflowId(appId, eventId)),

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

    async startResend(resendId, resend) {
      await startOnce('resendEvent', resendWorkflowId(resend.appId, resendId), {
        input: resend,
        summary: `${resend.jobId === undefined ? 'resend' : 'recovery'} of ${resend.eventId}`,
      });
    },

    async startDrain(endpointId) {
      await ask(() =>
        client.workflow.signalWithStart<typeof workflows.drainEndpoint, []>('drainEndpoint', {
          workflowId: drainWorkflowId(endpointId),
          taskQueue,
          args: [endpointId],
          signal: lookAgainSignal,
          signalArgs: [],
        }),
      );
    },

    async startRecovery({ id, appId, endpointId }) {
      await ask(() =>
        client.workflow.signalWithStart<typeof workflows.recoverEndpoint, []>('recoverEndpoint', {
          workflowId: recoveryWorkflowId(endpointId, id),
          taskQueue,
          args: [{ jobId: id, endpointId }],
          signal: jobChangedSignal,
          signalArgs: [],
          staticSummary: `recovery of a window for ${endpointId}`,
          typedSearchAttributes: [{ key: APP_ATTRIBUTE, value: appId }],
        }),
      );
    },

    async startRemoval(appId) {
      await ask(() =>
        client.workflow.signalWithStart<typeof workflows.removeApp, []>('removeApp', {
          workflowId: removalWorkflowId(appId),
          taskQueue,
          args: [appId],
          signal: lookAgainSignal,
          signalArgs: [],
          typedSearchAttributes: [{ key: APP_ATTRIBUTE, value: appId }],
        }),
      );
    },

    async release(workflowId, deliveryId) {
      await sentOrGone(() => client.workflow.getHandle(workflowId).signal(releaseSignal, deliveryId));
    },

    hurry: (workflowId, deliveryId) =>
      sentOrGone(() => client.workflow.getHandle(workflowId).signal(hurrySignal, deliveryId)),

    async cancel(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      // Temporal takes a cancellation of what has ended too: that says nothing.
      const description = await nullIfNotFound(() => ask(() => handle.describe()));
      if (description === null || description.closeTime !== undefined) return 'gone';
      return sentOrGone(() => handle.cancel());
    },

    async reportHealth(appId, endpointId) {
      await ask(() =>
        client.workflow.signalWithStart<typeof workflows.endpointHealth, []>('endpointHealth', {
          workflowId: healthWorkflowId(endpointId),
          taskQueue,
          args: [endpointId],
          signal: reportSignal,
          signalArgs: [],
          typedSearchAttributes: [{ key: APP_ATTRIBUTE, value: appId }],
        }),
      );
    },

    async remindHealth(endpointId) {
      await sentOrGone(() => client.workflow.getHandle(healthWorkflowId(endpointId)).signal(reportSignal));
    },
  };

  /** What the latest workflow by this id began with; null if Temporal knows none. */
  async function inputOf<Input>(workflowId: string): Promise<Input | null> {
    const history = await nullIfNotFound(() =>
      ask(() =>
        client.workflowService.getWorkflowExecutionHistory({
          namespace,
          execution: { workflowId },
          maximumPageSize: 1,
        }),
      ),
    );
    const started = history?.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    const payload = started?.input?.payloads?.[0];
    return payload ? defaultPayloadConverter.fromPayload<Input>(payload) : null;
  }

  async function sentOrGone(call: () => Promise<unknown>): Promise<'sent' | 'gone'> {
    const sent = await nullIfNotFound(() => ask(async () => (await call(), true)));
    return sent === null ? 'gone' : 'sent';
  }
}

async function nullIfNotFound<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
