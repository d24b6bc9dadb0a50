import type { OperationalHealthEvent } from '../domain/endpoint-health.js';

/**
 * What passes between the workflows that go on for long at a pace (recoveries, removals, drains, health), the API and the
 * activities that do some seconds' work for them: plain JSON values. Every field is in recorded histories: add,
 * never change.
 */

/** A recovery of a window: the input of `recoverEndpoint`. What is to be recovered is in the log. */
export interface RecoveryInput {
  readonly jobId: string;
  readonly endpointId: string;
}

/** The event up to which work that pages through events has come: they are in the order of these two. */
export interface EventCursor {
  /** ISO 8601 with milliseconds. */
  readonly createdAt: string;
  readonly eventId: string;
}

/** What a recovery did for some seconds, and how it goes on. */
export type RecoverySlice =
  /** After `pauseMs`. */
  | { readonly kind: 'more'; readonly cursor: EventCursor | null; readonly pauseMs: number }
  /** When somebody says so. */
  | { readonly kind: 'paused'; readonly cursor: EventCursor | null }
  /** All is handed over, or cancelled, or the endpoint is gone. */
  | { readonly kind: 'over' };

/** How far the removal of a deleted application's data has come in the order of its events. */
export interface RemovalCursor extends EventCursor {
  /** It has passed events with deliveries that are open. */
  readonly leftOpen: boolean;
}

/** What the removal of an application's data came to in some seconds. */
export type RemovalSlice =
  | { readonly kind: 'more'; readonly cursor: RemovalCursor | null }
  /** All is removed but what belongs to open deliveries, which were told to end. */
  | { readonly kind: 'open' }
  /** Nothing is left. */
  | { readonly kind: 'clear' }
  /** The application is there: its deletion did not come about. */
  | { readonly kind: 'kept' };

/** How a removal stands, for the run that continues it. */
export interface RemovalState {
  readonly cursor: RemovalCursor | null;
  /** Before open deliveries are looked at again. */
  readonly pauseMs: number;
  /** Nothing was left at a look before. */
  readonly wasClear: boolean;
}

/** Whether a drain may have more to do, and when it is to look again. */
export interface ReleasedSlice {
  readonly more: boolean;
  readonly pauseMs: number;
  /** How many deliveries were told to go on. */
  readonly released: number;
  /** How many could not be told now: they are told later, and the others do not wait for them. */
  readonly untold: number;
}

/** A change of an endpoint's health, as it is told. Times are ISO 8601. */
export interface HealthAnnouncement {
  readonly endpointId: string;
  readonly type: OperationalHealthEvent;
  readonly at: string;
  readonly failureCount: number;
  readonly failingSince: string | null;
  readonly reason: string | null;
}
