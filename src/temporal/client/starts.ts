import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowIdReusePolicy,
} from '@temporalio/client';
import {
  isCarried,
  type CarriedEvent,
  type EventInput,
  type ResendInput,
} from '../../workflows/contract/event.js';
import type { BatchInput } from '../../workflows/contract/batch.js';
import type * as workflows from '../../workflows/index.js';
import { DEADLINE_MS, inTime } from '../calls.js';
import type { KnownWorkflows } from './known.js';
import { APP_ATTRIBUTE, EVENT_TYPE_ATTRIBUTE } from '../search-attributes.js';
import { batchWorkflowId, eventWorkflowId, resendWorkflowId } from './ids.js';

/** Starts of workflows, and what they were started with. Every call may throw `TemporalUnavailable`. */
export interface WorkflowStarts {
  /** Makes an event durable. `exists`: an event with this id was accepted before, and this one was not. */
  startEvent(event: EventInput, again?: Again): Promise<StartedEvent>;
  /** Makes a batch of events durable. `exists`: this very batch was accepted before. */
  startBatch(hash: string, batch: BatchInput, again?: Again): Promise<'started' | 'exists'>;
  /** A batch as it was accepted; null if Temporal knows none. */
  findBatch(appId: string, hash: string): Promise<BatchInput | null>;
  /**
   * Starts the workflow that carries an event of a batch on, unless it has been started.
   * @throws Error while a workflow of the event's id runs that lost the event to the batch: it ends soon
   */
  carryOn(event: CarriedEvent): Promise<void>;
  /** Starts the workflow of an event in the log that none carries on. `exists`: one runs, whatever it began with. */
  startCarried(event: CarriedEvent): Promise<'started' | 'exists'>;
  /** The event as it was accepted, from its workflow's first history event; null if Temporal knows none. */
  findEvent(appId: string, eventId: string): Promise<EventInput | CarriedEvent | null>;
  /** Starts a resend. `exists`: it was begun before, and has not been broken off since. */
  startResend(resendId: string, resend: ResendInput, again?: Again): Promise<'started' | 'exists'>;
}

/** Set when the workflow by that id, if there is one, has ended without having done what is to be done. */
export interface Again {
  readonly again: boolean;
}

export interface WorkflowStartsOptions {
  readonly taskQueue: string;
  readonly namespace: string;
  /** Whether a worker of this process has the same connection, and so gets first tasks with its starts. */
  readonly hasWorker: boolean;
}

export type StartedEvent =
  /** This process has its first task. */
  { readonly kind: 'here'; readonly runId: string } | { readonly kind: 'elsewhere' | 'exists' };

export function createWorkflowStarts(
  client: Client,
  known: KnownWorkflows,
  { taskQueue, hasWorker }: WorkflowStartsOptions,
): WorkflowStarts {
  const ask = <T>(call: () => Promise<T>) => inTime(client, DEADLINE_MS, call);

  /** Starts a workflow once: an id that was used before, also by one that has ended, is used again as `reuse` says. */
  const startOnce = async (
    type: keyof typeof workflows,
    workflowId: string,
    start: {
      input: EventInput | CarriedEvent | ResendInput | BatchInput;
      eventType?: string;
      summary: string;
      reuse?: WorkflowIdReusePolicy;
    },
  ): Promise<StartedEvent> => {
    try {
      const { eagerlyStarted, firstExecutionRunId: runId } = await ask(() =>
        client.workflow.start(type, {
          workflowId,
          taskQueue,
          args: [start.input],
          workflowIdReusePolicy: start.reuse ?? 'REJECT_DUPLICATE',
          requestEagerStart: hasWorker,
          staticSummary: start.summary,
          typedSearchAttributes: [
            { key: APP_ATTRIBUTE, value: start.input.appId },
            ...(start.eventType === undefined ? [] : [{ key: EVENT_TYPE_ATTRIBUTE, value: start.eventType }]),
          ],
        }),
      );
      return eagerlyStarted ? { kind: 'here', runId } : { kind: 'elsewhere' };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return { kind: 'exists' };
      throw error;
    }
  };

  const startCarried = (event: CarriedEvent) =>
    startOnce('deliverEvent', eventWorkflowId(event.appId, event.eventId), {
      input: event,
      eventType: event.eventType,
      summary: `${event.eventType}, carried on`,
      // One that was lost, or that lost the event to its batch, may have had the id.
      reuse: 'ALLOW_DUPLICATE',
    });
  const isNew = ({ kind }: StartedEvent) => (kind === 'exists' ? 'exists' : 'started');
  const inputOf = async <Input>(workflowId: string) =>
    (await known.beginningOf<Input>(workflowId))?.input ?? null;

  return {
    startEvent: (event, { again } = NOT_AGAIN) =>
      startOnce('deliverEvent', eventWorkflowId(event.appId, event.eventId), {
        input: event,
        eventType: event.eventType,
        summary: event.eventType,
        ...(again ? { reuse: 'ALLOW_DUPLICATE' } : {}),
      }),

    async startBatch(hash, batch, { again } = NOT_AGAIN) {
      const started = await startOnce('deliverBatch', batchWorkflowId(batch.appId, hash), {
        input: batch,
        summary: `${batch.events.length} events`,
        // One that somebody terminated has left events that nobody carries on.
        reuse: again ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
      });
      return isNew(started);
    },

    findBatch: (appId, hash) => inputOf<BatchInput>(batchWorkflowId(appId, hash)),

    async carryOn(event) {
      const started = await startCarried(event);
      if (started.kind !== 'exists') return;
      const running = await inputOf<EventInput | CarriedEvent>(eventWorkflowId(event.appId, event.eventId));
      if (running && isCarried(running)) return;
      throw new Error('a workflow that lost this event to its batch has not ended yet');
    },

    startCarried: async (event) => isNew(await startCarried(event)),

    findEvent: (appId, eventId) => inputOf(eventWorkflowId(appId, eventId)),

    async startResend(resendId, resend, { again } = NOT_AGAIN) {
      const started = await startOnce('resendEvent', resendWorkflowId(resend.appId, resendId), {
        input: resend,
        summary: `${resend.jobId === undefined ? 'resend' : 'recovery'} of ${resend.eventId}`,
        reuse: again ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
      });
      return isNew(started);
    },
  };
}

const NOT_AGAIN: Again = { again: false };
