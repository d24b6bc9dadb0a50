/** Every field is in recorded histories: add, never change. See event.ts. */
import type { KeptSchedules } from '../kept-schedules.js';
import type { EventInput, CarriedEvent } from './event.js';

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
