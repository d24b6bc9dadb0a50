import type {
  AttemptResult,
  AttemptsInput,
  Ended,
  EventInput,
  FinalReason,
  Opening,
  ResendInput,
  Retry,
  UnrecordedOutcome,
} from '../workflows/contract.js';

/** The activities on the workflows' own queue: short, and with no receiver in them but the local attempt's. */
export interface WorkflowActivities {
  /**
   * Records an event with its deliveries. Repeating it gives the same deliveries.
   * @param firstRunId the first run of the event's workflow, which stays the same when that is reset
   */
  openEvent(event: EventInput, firstRunId: string): Promise<Opening>;
  /** Adds new deliveries of an event in the log. Repeating it gives the same deliveries. */
  openResend(resend: ResendInput): Promise<Opening>;
  /** Makes one attempt and returns what came of it. */
  makeLocalAttempt(attempt: AttemptsInput): Promise<AttemptResult>;
  /** Writes an outcome that could not be written when it was known. */
  recordOutcome(outcome: UnrecordedOutcome): Promise<void>;
  /** Ends a delivery that no attempt ended. One that has ended meanwhile stays as it is, and is returned so. */
  closeDelivery(deliveryId: string, reason: FinalReason): Promise<Ended>;
  /**
   * Goes on after the schedule's last attempt was lost with its worker: ends the delivery, unless the log says that
   * an attempt was never begun, which is made then.
   */
  concludeLost(deliveryId: string, lastAttempt: number): Promise<Ended | Retry>;
  /** Completes when the delivery's next attempt can be made as far as Posthorn is concerned; fails until then. */
  checkDelivery(deliveryId: string): Promise<void>;
  /** Lets up to a page of an endpoint's held deliveries go on, oldest first; returns how many. */
  releaseHeld(endpointId: string): Promise<number>;
}

/** The activity on the delivery queue. */
export interface DeliveryActivities {
  /**
   * Makes the attempt whose number is `firstAttempt` plus the retries so far. Throws when Temporal is to retry it,
   * or when it failed for good; everything else is returned, so that it burns no attempt.
   */
  makeAttempt(attempts: AttemptsInput): Promise<AttemptResult>;
}
