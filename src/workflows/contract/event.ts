/**
 * What passes between the API, the workflows and the activities: plain JSON values, without secrets and, but for
 * an event's own envelope, without bodies. Every field of this folder is in recorded histories: add, never change.
 */
import type { KeptSchedules } from '../kept-schedules.js';
import type { OpenDelivery, FirstAttempt, DeliveryResult } from './delivery.js';

/** One accepted event: the input of `deliverEvent`. */
export interface EventInput {
  readonly appId: string;
  readonly eventId: string;
  readonly eventType: string;
  /** ISO 8601 with milliseconds. */
  readonly acceptedAt: string;
  /** SHA-256 over what makes two submissions the same, in hex. */
  readonly contentHash: string;
  /** The body as a value; its keys keep their order through JSON. */
  readonly envelope: Readonly<Record<string, unknown>>;
  /** Set for a test event: the only endpoint that gets it, once. */
  readonly testEndpointId?: string;
  /** Set for an event of Posthorn's own: the endpoint that it is about, which does not get it. */
  readonly aboutEndpointId?: string;
  /** No first attempt before this time, ISO 8601. */
  readonly deliverAt?: string;
  /** No attempt after this time, ISO 8601. */
  readonly expiresAt?: string;
  /** A workflow of this event has ended, and nobody knows what it has sent: first attempts are marked as repeated. */
  readonly mayRepeat?: true;
}

/**
 * An event that is in the log, with its body, and not delivered: left by a batch, or by a workflow that was lost. The
 * input of its own `deliverEvent`.
 */
export interface CarriedEvent extends Omit<EventInput, 'envelope'> {
  /** The batch's workflow, or the first run of the event's own. */
  readonly openedBy: string;
  /** The run of its batch that has its body: one that is begun again has what is left then, and nothing else. */
  readonly openedInRun?: string;
  /** What its batch knows of its first attempts and the log does not, by delivery. */
  readonly firstAttempts?: Readonly<Record<string, FirstAttempt>>;
  /** The schedules that its deliveries were opened with; without them, they are the endpoints' own of now. */
  readonly schedules?: KeptSchedules;
  /** It was opened by a try of the batch whose result is lost, and whose schedules with it. */
  readonly openedBefore?: true;
}

export function isCarried(event: EventInput | CarriedEvent): event is CarriedEvent {
  return 'openedBy' in event;
}

/** New deliveries of an event in the log: the input of `resendEvent`. */
export interface ResendInput {
  readonly appId: string;
  readonly eventId: string;
  /** The endpoints that get it, also when they are deleted meanwhile. */
  readonly endpointIds: readonly string[];
  /** The recovery that it is part of: its deliveries are tried again by the endpoint's schedule. */
  readonly jobId?: string;
}

/** A delivery whose first attempt, made with the opening, delivered it. */
export interface DeliveredAtOnce {
  readonly id: string;
  readonly endpointId: string;
  readonly statusCode: number | null;
}

export type Opening =
  | {
      readonly kind: 'opened';
      readonly deliveries: readonly OpenDelivery[];
      /** Further ones, of which nothing is left to do. */
      readonly delivered?: readonly DeliveredAtOnce[];
    }
  /** The event id was opened by another workflow before, or its application is gone: nothing is to be delivered. */
  | { readonly kind: 'ignored'; readonly why: 'duplicate' | 'application_deleted' | 'event_unknown' };

/** The result of `deliverEvent` and `resendEvent`. */
export interface EventResult {
  readonly status: 'delivered' | 'failed' | 'cancelled' | 'unmatched' | 'ignored';
  readonly deliveries: readonly DeliveryResult[];
}
