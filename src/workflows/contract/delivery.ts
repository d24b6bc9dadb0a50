/** Every field is in recorded histories: add, never change. See event.ts. */
import type { FinalReason } from '../../domain/delivery.js';
import type { Schedule } from '../../domain/schedule.js';

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

/** The type of the failure that an attempt throws so that Temporal retries it. */
export const ATTEMPT_FAILED = 'AttemptFailed';
/** The type of the failure that ends a delivery; its first detail is the `Failed`. */
export const DELIVERY_FAILED = 'DeliveryFailed';

/** How much longer than its POST an attempt may take: reading and writing the log. Its worker counts as lost then. */
export const ATTEMPT_OVERHEAD_MS = 10_000;
