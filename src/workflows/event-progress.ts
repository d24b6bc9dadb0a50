import type {
  AttemptSummary,
  DeliveryResult,
  Ended,
  EventResult,
  FinalReason,
  OpenDelivery,
} from './contract.js';
import type { Continued, PastDelivery } from './continued.js';
import type { KnownDelivery } from './known-deliveries.js';
import type { Attempted } from './attempted.js';
import { detailsOf, timeOf, withTables } from './event-details.js';
import type { DeliveryState, EventStatusAnswer } from './messages.js';
import { carriedOn, type PutAside } from './steps.js';

type Named = Pick<OpenDelivery, 'id' | 'endpointId'>;

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

type Message = (delivery: DeliveryProgress<Named>) => void;

/** Every delivery of one event. */
export class EventProgress {
  readonly run: Run = { isLeaving: false, busy: 0 };
  private readonly deliveries = new Map<string, DeliveryProgress<Named>>();
  /** Of these, those that this run carries out. */
  private readonly carriedOut: DeliveryProgress[] = [];
  /** What came before its delivery was known; null when all are. */
  private early: Map<string, Message[]> | null = new Map();

  constructor(private readonly changed: () => void) {}

  add(delivery: OpenDelivery): DeliveryProgress {
    const progress = new DeliveryProgress(delivery, this.changed, this.run);
    progress.maybeSent = delivery.firstAttempt !== 'queued' || delivery.first !== undefined;
    if (delivery.mayRepeat !== undefined) progress.mayRepeat = Number(delivery.mayRepeat);
    this.deliveries.set(delivery.id, progress);
    this.carriedOut.push(progress);
    for (const message of this.early?.get(delivery.id) ?? []) message(progress);
    this.early?.delete(delivery.id);
    return progress;
  }

  /** One of which nothing is left to do: it was delivered with the opening, or ended in an earlier run. */
  addEnded(ended: PastDelivery): void {
    const { deliveryId: id, endpointId } = ended.result;
    const progress = new DeliveryProgress<Named>({ id, endpointId }, this.changed, this.run);
    this.deliveries.set(id, progress);
    progress.hasEnded(ended);
  }

  /** There are no further ones: what is told of others is told of none. */
  areAllKnown(): void {
    this.early = null;
  }

  /** Those that have ended. */
  ended(): KnownDelivery[] {
    return [...this.deliveries.values()].flatMap((progress) => {
      const { state, attempt: begun } = progress;
      return state === 'delivered' || state === 'failed' ? [progress.known({ begun, state })] : [];
    });
  }

  attempted(deliveryId: string, attempted: Attempted): void {
    this.tell(deliveryId, (delivery) => {
      delivery.attempted = attempted;
    });
  }

  hurry(deliveryId: string): void {
    this.tell(deliveryId, (delivery) => delivery.hurry());
  }

  release(deliveryId: string): void {
    this.tell(deliveryId, (delivery) => {
      delivery.released = true;
    });
  }

  /** Has every delivery put aside that waits for something; an attempt in flight is waited for. */
  leave(): void {
    if (this.run.isLeaving) return;
    this.run.isLeaving = true;
    for (const delivery of this.deliveries.values()) delivery.onWish?.();
  }

  /** What is left to the next run; null when everything has ended. */
  continued(now: number): Continued | null {
    const deliveries = this.carriedOut.flatMap(({ delivery, aside, released, hurried, mayRepeat }) => {
      const left = mayRepeat === null ? delivery : { ...delivery, mayRepeat };
      return aside ? [carriedOn(left, aside, { released, hurried }, now)] : [];
    });
    if (deliveries.length === 0) return null;
    const all = [...this.deliveries.values()];
    const shown = withTables(all);
    const ended = all.flatMap((each): PastDelivery[] => {
      const { result, last, attempts } = each;
      return result ? [{ result, last, ...(shown.includes(each) ? { attempts } : {}) }] : [];
    });
    return { ended, deliveries };
  }

  results(): DeliveryResult[] {
    return [...this.deliveries.values()].flatMap(({ result }) => result ?? []);
  }

  status(): EventStatusAnswer {
    return {
      deliveries: [...this.deliveries.values()].map((progress) => ({
        delivery_id: progress.delivery.id,
        webhook_id: progress.delivery.endpointId,
        state: progress.state,
        attempt: progress.attempt,
        next_attempt_at: timeOf(progress.nextAttemptAt),
        reason: progress.reason,
        last: progress.last,
      })),
    };
  }

  /** Markdown for the Temporal UI. */
  details(): string {
    return detailsOf([...this.deliveries.values()]);
  }

  private tell(deliveryId: string, message: Message): void {
    const delivery = this.deliveries.get(deliveryId);
    if (delivery) message(delivery);
    else this.early?.set(deliveryId, [...(this.early.get(deliveryId) ?? []), message]);
  }
}

/** The event's outcome by its deliveries: the first that fits of failed, cancelled, delivered. */
export function resultOf(deliveries: readonly DeliveryResult[]): EventResult {
  const failed = deliveries.filter((delivery) => delivery.status === 'failed');
  if (deliveries.length === 0) return { status: 'unmatched', deliveries };
  if (failed.some((delivery) => delivery.reason !== 'cancelled')) return { status: 'failed', deliveries };
  return { status: failed.length > 0 ? 'cancelled' : 'delivered', deliveries };
}
