import type { FinalReason } from '../domain/delivery.js';
import type { Attempted } from './attempted.js';
import type { AttemptSummary, DeliveryResult, Ended, OpenDelivery } from './contract/delivery.js';
import type { PastDelivery } from './continued.js';
import type { KnownDelivery } from './known-deliveries.js';
import type { DeliveryState } from './messages.js';
import type { PutAside } from './steps.js';

/** What is known of every delivery, also of one that ended in an earlier run. */
export type Named = Pick<OpenDelivery, 'id' | 'endpointId'>;

/** What the deliveries of an event have in common: the run of its workflow. */
export interface Run {
  /** Its history has become long: what can be left to the next run is put aside for it. */
  isLeaving: boolean;
  /** How many deliveries have neither ended nor been put aside. */
  busy: number;
}

/** A delivery as its workflow watches it. */
export class DeliveryProgress<Delivery extends Named = OpenDelivery> {
  state: DeliveryState = 'sending';
  /** The number of the attempt that is being made, or comes next, or was the last. */
  attempt = 1;
  /** When the next attempt is due, in milliseconds since the epoch; null unless waiting. */
  nextAttemptAt: number | null = null;
  reason: FinalReason | null = null;
  /** What came of the attempt before. */
  last: string | null = null;
  /** Set by the `attempted` signal: what came of the first attempt that was under way. */
  attempted: Attempted | null = null;
  /** An attempt may have been sent of which nobody told what came of it. */
  maybeSent = false;
  /** The number of the attempt that was made before without the log's knowing, if one was. */
  mayRepeat: number | null = null;
  /** Set by the `release` signal, taken back when a held delivery goes on. */
  released = false;
  /** Set by the `hurry` signal while the delivery waits, taken back when the next attempt is made for it. */
  hurried = false;
  /** Ends the waiting inside an activity. */
  onWish: (() => void) | null = null;
  /** Known when it has ended. */
  result: DeliveryResult | null = null;
  /** Known when it failed for good. */
  attempts: readonly AttemptSummary[] = [];
  aside: PutAside | null = null;
  private wasHeld = false;

  /** @param changed called when something changed that people may want to see */
  constructor(
    readonly delivery: Delivery,
    private readonly changed: () => void,
    readonly run: Run,
  ) {
    run.busy += 1;
  }

  hurry(): void {
    // What is held, or has ended, cannot be hurried.
    if (this.state !== 'sending' && this.state !== 'waiting') return;
    this.hurried = true;
    this.onWish?.();
  }

  /** As it is written into a log that has lost it. */
  known({ begun, state }: Pick<KnownDelivery, 'begun' | 'state'>): KnownDelivery {
    return { id: this.delivery.id, endpointId: this.delivery.endpointId, begun, state, reason: this.reason };
  }

  sending(attempt: number): void {
    this.state = 'sending';
    this.attempt = attempt;
    this.nextAttemptAt = null;
  }

  /** @param nextAttemptAt null while something here must be mended first */
  waiting(attempt: number, nextAttemptAt: number | null, last: string | null): void {
    this.state = 'waiting';
    this.attempt = attempt;
    this.nextAttemptAt = nextAttemptAt;
    this.last = last;
    this.changed();
  }

  held(attempt: number): void {
    this.wasHeld = true;
    this.hurried = false;
    this.state = 'held';
    this.attempt = attempt;
    this.nextAttemptAt = null;
    this.changed();
  }

  /** For the next run. */
  putAside(aside: PutAside): void {
    this.aside = aside;
    this.run.busy -= 1;
  }

  ended(result: Ended): DeliveryResult {
    // A success at the first attempt needs no table.
    const worthSeeing = result.kind === 'failed' || this.last !== null || this.wasHeld;
    this.attempt = result.number;
    if (result.kind === 'failed') {
      this.reason = result.reason;
      this.attempts = result.attempts;
      this.last = result.attempts.at(-1)?.answer ?? this.last;
    }
    if (worthSeeing) this.changed();
    return this.endedAs({
      deliveryId: this.delivery.id,
      endpointId: this.delivery.endpointId,
      status: result.kind,
      reason: this.reason,
      attempts: result.number,
    });
  }

  /** As an earlier run has left it. */
  hasEnded({ result, last, attempts = [] }: PastDelivery): void {
    this.attempt = result.attempts;
    this.reason = result.reason;
    this.attempts = attempts;
    this.last = last;
    this.endedAs(result);
  }

  private endedAs(result: DeliveryResult): DeliveryResult {
    this.state = result.status;
    this.nextAttemptAt = null;
    this.result = result;
    if (!this.aside) this.run.busy -= 1;
    this.aside = null;
    return result;
  }
}
