import type { EndpointStanding } from '../domain/endpoint-health.js';
import type { FinalReason } from '../domain/delivery.js';
import type { CarriedEvent, EventInput, Opening, ResendInput } from './contract/event.js';
import type { BatchInput, OpenedBatch } from './contract/batch.js';
import type {
  AttemptResult,
  AttemptsInput,
  Ended,
  NotInLog,
  Retry,
  UnrecordedOutcome,
} from './contract/delivery.js';
import type { KeptSchedules } from './kept-schedules.js';
import type { KnownDelivery, Reopened } from './known-deliveries.js';
import type {
  EventCursor,
  HealthAnnouncement,
  RecoveryInput,
  RecoverySlice,
  ReleasedSlice,
  RemovalCursor,
  RemovalSlice,
} from './slices.js';

/**
 * Activities on the workflows' own queue. They are short; an opening waits for each hundred receivers as
 * `AnswerPatience` says.
 */
export interface WorkflowActivities {
  /**
   * Records an event with its deliveries, and makes the first attempts to endpoints that answer fast. Repeating it
   * gives the same deliveries.
   * @param firstRunId the first run of the event's workflow, which stays the same when that is reset
   * @param isCancelled whether nothing is to be sent
   */
  openEvent(event: EventInput | CarriedEvent, firstRunId: string, isCancelled: boolean): Promise<Opening>;
  /**
   * The same for events of a batch. Repeating it gives what is left then.
   * @param openedBy the batch's workflow, which a repetition is known by
   */
  openBatch(batch: BatchInput, openedBy: string): Promise<OpenedBatch>;
  /**
   * Starts a workflow for each event that a batch has opened and not delivered. Repeating it starts no second one.
   * @param schedules of the deliveries that the batch has opened
   */
  carryOn(events: readonly CarriedEvent[], schedules?: KeptSchedules): Promise<void>;
  /** Adds new deliveries of an event in the log. Repeating it gives the same deliveries. */
  openResend(resend: ResendInput): Promise<Opening>;
  /** Writes an outcome that could not be written when it was known, and gives it as it is then. */
  recordOutcome(outcome: UnrecordedOutcome): Promise<Ended | Retry | NotInLog>;
  /** Ends a delivery that no attempt ended. One that has ended meanwhile stays as it is, and is returned so. */
  closeDelivery(deliveryId: string, reason: FinalReason): Promise<Ended | NotInLog>;
  /**
   * Writes deliveries of this workflow, with their event, into a log that has lost them. Fails as long as nobody knows
   * the event's body. Repeating it changes nothing.
   * @param firstRunId the first run of this workflow
   */
  reopenDeliveries(deliveries: readonly KnownDelivery[], firstRunId: string): Promise<Reopened>;
  /**
   * Goes on after the schedule's last attempt was lost with its worker: ends the delivery, unless the log says that
   * an attempt was never begun, which is made then.
   */
  concludeLost(deliveryId: string, lastAttempt: number): Promise<Ended | Retry | NotInLog>;
  /** Completes when the delivery's next attempt can be made as far as Posthorn is concerned; fails until then. */
  checkDelivery(deliveryId: string): Promise<void>;
  /**
   * Lets an endpoint's held deliveries go on for some seconds, oldest first, at its pace.
   * @param forMs how long that has been going on, in milliseconds
   */
  releaseHeld(endpointId: string, forMs: number): Promise<ReleasedSlice>;
  /**
   * Hands the next events of a recovery over to workflows that deliver them, for some seconds, at its pace.
   * @param cursor how far it has come; null at its beginning
   * @param forMs how long it has been going on, since it began or was resumed, in milliseconds
   */
  recoverWindow(recovery: RecoveryInput, cursor: EventCursor | null, forMs: number): Promise<RecoverySlice>;
  /**
   * Removes what a deleted application has left in the log, for some seconds. Repeating it does no harm.
   * @param cursor how far it has come; null at its beginning
   */
  removeAppData(appId: string, cursor: RemovalCursor | null, wasClear: boolean): Promise<RemovalSlice>;
  /** Makes a delivery's next attempt due now; gives its number, or how the delivery has ended. */
  bringForward(deliveryId: string): Promise<Ended | Retry | NotInLog>;
  lookAtHealth(endpointId: string): Promise<EndpointStanding | null>;
  disableEndpoint(endpointId: string): Promise<void>;
  announceHealth(announcement: HealthAnnouncement): Promise<void>;
}

/** The activity on the delivery queue. */
export interface DeliveryActivities {
  /**
   * Makes the attempt whose number is `firstAttempt` plus the retries so far. Throws when Temporal is to retry it,
   * or when it failed for good; everything else is returned, so that it burns no attempt.
   */
  makeAttempt(attempts: AttemptsInput): Promise<AttemptResult>;
}
