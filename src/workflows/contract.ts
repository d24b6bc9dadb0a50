/**
 * What passes between the API, the workflows and the activities: plain JSON values, without secrets and, but for
 * an event's own envelope, without bodies. Every field is in recorded histories: add, never change.
 */
import type { FinalReason } from '../domain/delivery.js';
import type { Schedule } from '../domain/schedule.js';
import type { KeptSchedules } from './kept-schedules.js';

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

/** An event of a batch; what all of them have in common stands in the batch. */
export type BatchedEvent = Pick<
  EventInput,
  'eventId' | 'eventType' | 'contentHash' | 'envelope' | 'deliverAt' | 'expiresAt' | 'mayRepeat'
>;

/** Events that came in one request: the input of `deliverBatch`. */
export interface BatchInput {
  readonly appId: string;
  /** ISO 8601 with milliseconds. */
  readonly acceptedAt: string;
  readonly events: readonly BatchedEvent[];
}

/** An event that its batch leaves to a workflow of its own, by its place in the batch. */
export interface LeftEvent extends Pick<CarriedEvent, 'firstAttempts' | 'openedBefore'> {
  readonly index: number;
}

/** What has come of the events of a batch, or of a part of it, that were opened; those not named are delivered. */
export interface OpenedBatch {
  readonly toCarryOn: readonly LeftEvent[];
  /** How many were opened by others before. */
  readonly ignored: number;
  /** Of the deliveries that were opened here; those of `toCarryOn` keep them. */
  readonly schedules?: KeptSchedules;
}

/** The result of `deliverBatch`. */
export interface BatchResult {
  readonly events: number;
  /** Of these, how many have a workflow of their own now. */
  readonly carriedOn: number;
  /** Of these, how many were accepted before, and are not delivered again. */
  readonly ignored: number;
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

/** One delivery, as its workflow carries it on. */
export interface OpenDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** Of the endpoint's URL, for people who look at the workflow; null when the endpoint is gone. */
  readonly host: string | null;
  /** Kept from here on, whatever becomes of the endpoint's settings. */
  readonly schedule: Schedule;
  /** Of one attempt, the whole exchange included, in milliseconds. */
  readonly timeLimitMs: number;
  readonly first: FirstAttempt;
  /** The number of the attempt that may have been sent before, where the log cannot know it. */
  readonly mayRepeat?: number;
}

/** How a delivery stands when its workflow gets it: see `activities/dispatch/dispatcher.ts`. */
export type FirstAttempt =
  /** Attempt 1 is to be made by the queue: in `delayMs` milliseconds, or at once. */
  | { readonly kind: 'queued'; readonly delayMs?: number }
  /** Attempt 1 was sent, and has no answer yet: its process tells what comes of it. */
  | { readonly kind: 'in_flight' }
  /** What came of attempt 1. */
  | { readonly kind: 'answered'; readonly step: Step }
  /** What an earlier run of the workflow has left to do, and the number of the attempt that comes next. */
  | { readonly kind: 'left'; readonly step: Step; readonly attempt: number };

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

/** The attempts of one delivery that one activity makes. */
export interface AttemptsInput {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly schedule: Schedule;
  /** The number of the first of them; the activity's own retries count on from there. */
  readonly firstAttempt: number;
  /** The first of them may have been sent before, and the log does not know it. */
  readonly mayRepeat?: true;
}

/** A 2xx answer. */
export interface Delivered {
  readonly kind: 'delivered';
  readonly number: number;
  readonly statusCode: number | null;
}

/** The delivery failed for good with attempt `number`, or before it. */
export interface Failed {
  readonly kind: 'failed';
  readonly number: number;
  readonly reason: FinalReason;
  /** What the log has of its attempts, for people who look at the workflow. */
  readonly attempts: readonly AttemptSummary[];
}

/** Attempt `next` is due in `delayMs`. */
export interface Retry {
  readonly kind: 'retry';
  readonly next: number;
  readonly delayMs: number;
  /** What came of the attempt before. */
  readonly last: string | null;
  /** The log is behind: attempt `next` was made before, as far as Temporal knows. */
  readonly mayRepeat?: true;
}

/** How a delivery can end. */
export type Ended = Delivered | Failed;

/** The log does not know the delivery: it has lost it, or dropped it. That ends nothing by itself. */
export interface NotInLog {
  readonly kind: 'not_in_log';
}

/** What came of an attempt, or why there was none. */
export type AttemptResult =
  | Ended
  | Retry
  /**
   * Nothing was sent: the endpoint takes none now. Attempt `next` waits for its release, `forMs` milliseconds at
   * most: a time would be of the log's clock, which is not the workflow's.
   */
  | { readonly kind: 'held'; readonly next: number; readonly forMs: number }
  /**
   * No outcome, and no word of the receiver's: the log could not be reached, the worker had to stop, or something
   * is wrong here. Attempt `next` is made again; the log knows whether it may have been sent before.
   */
  | { readonly kind: 'unavailable'; readonly next: number; readonly why?: string }
  /** It was sent, and the log could not be reached: the outcome travels here until it is written. */
  | { readonly kind: 'unrecorded'; readonly outcome: UnrecordedOutcome }
  /** Nothing was sent. Attempt `next` is made when the log knows the delivery again. */
  | (NotInLog & { readonly next: number });

/** What carries a delivery on: what came of an attempt, or the wish for the next. */
export type Step = AttemptResult | { readonly kind: 'hurried' };

/** A line of an attempt table. */
export interface AttemptSummary {
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs: number | null;
  /** `500`, or the error's code with its text. */
  readonly answer: string;
}

/** An attempt's outcome as JSON, to be written to the log later. */
export interface UnrecordedOutcome {
  readonly deliveryId: string;
  readonly attempt: {
    readonly number: number;
    readonly startedAt: string;
    readonly durationMs: number | null;
    readonly statusCode: number | null;
    readonly error: string | null;
    readonly slow: boolean;
    readonly possiblyRepeated: boolean;
    readonly responseBody: string | null;
  };
  readonly result: Ended | Retry;
  /** ISO 8601; when the next attempt is due, for `retry`. */
  readonly nextAttemptAt: string | null;
}

/** How a delivery ended. */
export interface DeliveryResult {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly status: 'delivered' | 'failed';
  readonly reason: FinalReason | null;
  readonly attempts: number;
}

/** The result of `deliverEvent` and `resendEvent`. */
export interface EventResult {
  readonly status: 'delivered' | 'failed' | 'cancelled' | 'unmatched' | 'ignored';
  readonly deliveries: readonly DeliveryResult[];
}

/** The type of the failure that an attempt throws so that Temporal retries it. */
export const ATTEMPT_FAILED = 'AttemptFailed';
/** The type of the failure that ends a delivery; its first detail is the `Failed`. */
export const DELIVERY_FAILED = 'DeliveryFailed';

/** How much longer than its POST an attempt may take: reading and writing the log. Its worker counts as lost then. */
export const ATTEMPT_OVERHEAD_MS = 10_000;

/** The queue of attempts that may wait, beside the workflows' own. */
export function deliveryQueueOf(taskQueue: string): string {
  return `${taskQueue}-deliveries`;
}
