import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { EventInput, ResendInput } from '../workflows/contract.js';
import type { deliverEvent, drainEndpoint, resendEvent } from '../workflows/index.js';
import { APP_ATTRIBUTE, EVENT_TYPE_ATTRIBUTE } from './search-attributes.js';

/** Temporal did not answer in time. What was asked of it may have been done nevertheless. */
export class TemporalUnavailable extends Error {
  override name = 'TemporalUnavailable';
}

/** A caller of the API waits for this long at most. */
const DEADLINE_MS = 5_000;
/** gRPC's status NOT_FOUND. */
const NOT_FOUND: number = 5;

export const eventWorkflowId = (appId: string, eventId: string) => `event/${appId}/${eventId}`;
export const resendWorkflowId = (appId: string, resendId: string) => `resend/${appId}/${resendId}`;
export const drainWorkflowId = (endpointId: string) => `drain/${endpointId}`;

/** What the API asks of Temporal: start this, and what do you know of that. */
export interface EventWorkflows {
  /** Makes an event durable. `exists`: an event with this id was accepted before, and this one was not. */
  startEvent(event: EventInput): Promise<'started' | 'exists'>;
  /** The event as it was accepted, from its workflow's first history event; null if Temporal knows none. */
  findEvent(appId: string, eventId: string): Promise<EventInput | null>;
  describeEvent(appId: string, eventId: string): Promise<WorkflowExecutionDescription | null>;
  /** Starts a resend; a repetition with the same id changes nothing. */
  startResend(resendId: string, resend: ResendInput): Promise<void>;
  /** Starts releasing an endpoint's held deliveries, from the beginning if that is going on already. */
  startDrain(endpointId: string): Promise<void>;
}

/** @param eager whether this process has a worker on the same connection, so that it gets the first task at once */
export function createEventWorkflows(
  client: Client,
  options: { taskQueue: string; namespace: string; eager: boolean },
): EventWorkflows {
  const { taskQueue, namespace, eager } = options;

  const searchable = (appId: string, eventType?: string) => [
    { key: APP_ATTRIBUTE, value: appId },
    ...(eventType === undefined ? [] : [{ key: EVENT_TYPE_ATTRIBUTE, value: eventType }]),
  ];

  return {
    async startEvent(event) {
      try {
        await inTime(client, () =>
          client.workflow.start<typeof deliverEvent>('deliverEvent', {
            workflowId: eventWorkflowId(event.appId, event.eventId),
            taskQueue,
            args: [event],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            requestEagerStart: eager,
            typedSearchAttributes: searchable(event.appId, event.eventType),
            staticSummary: event.eventType,
          }),
        );
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
        throw error;
      }
    },

    async findEvent(appId, eventId) {
      try {
        const { history } = await inTime(client, () =>
          client.workflowService.getWorkflowExecutionHistory({
            namespace,
            execution: { workflowId: eventWorkflowId(appId, eventId) },
            maximumPageSize: 1,
          }),
        );
        const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
        const payload = started?.input?.payloads?.[0];
        return payload ? defaultPayloadConverter.fromPayload<EventInput>(payload) : null;
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },

    async describeEvent(appId, eventId) {
      try {
        return await inTime(client, () =>
          client.workflow.getHandle(eventWorkflowId(appId, eventId)).describe(),
        );
      } catch (error) {
        if (error instanceof WorkflowNotFoundError || isNotFound(error)) return null;
        throw error;
      }
    },

    async startResend(resendId, resend) {
      try {
        await inTime(client, () =>
          client.workflow.start<typeof resendEvent>('resendEvent', {
            workflowId: resendWorkflowId(resend.appId, resendId),
            taskQueue,
            args: [resend],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            requestEagerStart: eager,
            typedSearchAttributes: searchable(resend.appId),
            staticSummary: `resend of ${resend.eventId}`,
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async startDrain(endpointId) {
      await inTime(client, () =>
        client.workflow.start<typeof drainEndpoint>('drainEndpoint', {
          workflowId: drainWorkflowId(endpointId),
          taskQueue,
          args: [endpointId],
          // One that is about to end may have looked before the endpoint was enabled: a new one looks again.
          workflowIdConflictPolicy: 'TERMINATE_EXISTING',
        }),
      );
    },
  };
}

async function inTime<T>(client: Client, call: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, call);
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError) {
      throw error;
    }
    if (isNotFound(error)) throw error;
    throw new TemporalUnavailable('Temporal did not answer', { cause: error });
  }
}

function isNotFound(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return [error, cause].some((each) => isGrpcServiceError(each) && Number(each.code) === NOT_FOUND);
}
