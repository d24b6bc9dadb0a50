import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowIdReusePolicy,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import {
  isCarried,
  type BatchInput,
  type CarriedEvent,
  type EventInput,
  type ResendInput,
} from '../workflows/contract.js';
import type * as workflows from '../workflows/index.js';
import { DEADLINE_MS, inTime, nullIfNotFound } from './calls.js';
import type { InStep } from './in-step.js';
import { APP_ATTRIBUTE, EVENT_TYPE_ATTRIBUTE } from './search-attributes.js';
import { batchWorkflowId, eventWorkflowId, resendWorkflowId } from './workflow-ids.js';

/** Starts of workflows, and what they were started with. Every call may throw `TemporalUnavailable`. */
export interface WorkflowStarts {
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
  /** Starts a resend; a repetition with the same id changes nothing. */
  startResend(resendId: string, resend: ResendInput): Promise<void>;
}

/** What a process does that has a worker on the same connection, and so gets first tasks with its starts. */
export interface OwnWorker {
  readonly inStep: InStep;
  /** Told of an event whose first task this process has. */
  readonly onStart: (event: EventInput, firstRunId: string) => void;
}

export interface WorkflowStartsOptions {
  readonly taskQueue: string;
  readonly namespace: string;
  readonly ownWorker: OwnWorker | null;
}

type Started =
  /** This process has its first task. */
  { readonly kind: 'here'; readonly runId: string } | { readonly kind: 'somewhere' | 'exists' };

export function createWorkflowStarts(
  client: Client,
  { taskQueue, namespace, ownWorker }: WorkflowStartsOptions,
): WorkflowStarts {
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
  ): Promise<Started> => {
    try {
      const { eagerlyStarted, firstExecutionRunId: runId } = await ask(() =>
        client.workflow.start(type, {
          workflowId,
          taskQueue,
          args: [start.input],
          workflowIdReusePolicy: start.reuse ?? 'REJECT_DUPLICATE',
          requestEagerStart: ownWorker !== null,
          staticSummary: start.summary,
          typedSearchAttributes: [
            { key: APP_ATTRIBUTE, value: start.input.appId },
            ...(start.eventType === undefined ? [] : [{ key: EVENT_TYPE_ATTRIBUTE, value: start.eventType }]),
          ],
        }),
      );
      return eagerlyStarted ? { kind: 'here', runId } : { kind: 'somewhere' };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return { kind: 'exists' };
      throw error;
    }
  };

  return {
    async startEvent(event) {
      const { appId, eventId, eventType } = event;
      const workflowId = eventWorkflowId(appId, eventId);
      // Posthorn's own events come of openings, which have places themselves.
      if (event.aboutEndpointId === undefined) await ownWorker?.inStep.enter(appId, workflowId);
      let isOurs = false;
      try {
        const started = await startOnce('deliverEvent', workflowId, {
          input: event,
          eventType,
          summary: eventType,
        });
        if (started.kind === 'here') {
          isOurs = true;
          ownWorker?.onStart(event, started.runId);
        }
        return started.kind === 'exists' ? 'exists' : 'started';
      } finally {
        if (!isOurs) ownWorker?.inStep.leave(workflowId);
      }
    },

    async startBatch(hash, batch) {
      const started = await startOnce('deliverBatch', batchWorkflowId(batch.appId, hash), {
        input: batch,
        summary: `${batch.events.length} events`,
        // One that somebody terminated has left events that nobody carries on.
        reuse: 'ALLOW_DUPLICATE_FAILED_ONLY',
      });
      return started.kind === 'exists' ? 'exists' : 'started';
    },

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
      if (started.kind !== 'exists') return;
      const running = await inputOf<EventInput | CarriedEvent>(workflowId);
      if (running && isCarried(running)) return;
      throw new Error('a workflow that lost this event to its batch has not ended yet');
    },

    findEvent: (appId, eventId) => inputOf(eventWorkflowId(appId, eventId)),

    async startResend(resendId, resend) {
      await startOnce('resendEvent', resendWorkflowId(resend.appId, resendId), {
        input: resend,
        summary: `${resend.jobId === undefined ? 'resend' : 'recovery'} of ${resend.eventId}`,
      });
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
}
