import type { Attempted } from './attempted.js';
import type { DeliveryResult, OpenDelivery } from './contract/delivery.js';
import type { EventResult } from './contract/event.js';
import type { Continued, PastDelivery } from './continued.js';
import { DeliveryProgress, type Named, type Run } from './delivery-progress.js';
import { detailsOf, timeOf, withTables } from './event-details.js';
import type { KnownDelivery } from './known-deliveries.js';
import type { EventStatusAnswer } from './messages.js';
import { carriedOn } from './steps.js';

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
    progress.maybeSent = delivery.first.kind !== 'queued';
    progress.mayRepeat = delivery.mayRepeat ?? null;
    if (delivery.first.kind === 'left') progress.attempt = delivery.first.attempt;
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
    const deliveries = this.carriedOut.flatMap(
      ({ delivery, aside, attempt, mayRepeat, released, hurried }) =>
        aside ? [carriedOn({ delivery, aside, attempt, mayRepeat, released, hurried }, now)] : [],
    );
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
