import type {
  AttemptSummary,
  DeliveredAtOnce,
  DeliveryResult,
  Ended,
  EventResult,
  FinalReason,
  OpenDelivery,
} from './contract.js';
import type { KnownDelivery } from './known-deliveries.js';
import type { Attempted } from './attempted.js';
import type { DeliveryState, EventStatusAnswer } from './messages.js';

type Named = Pick<OpenDelivery, 'id' | 'endpointId'>;

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
  onHurry: (() => void) | null = null;
  private wasHeld = false;
  /** Known when it failed for good. */
  attempts: readonly AttemptSummary[] = [];

  /** @param changed called when something changed that people may want to see */
  constructor(
    readonly delivery: Delivery,
    private readonly changed: () => void,
  ) {}

  hurry(): void {
    // What is held, or has ended, cannot be hurried.
    if (this.state !== 'sending' && this.state !== 'waiting') return;
    this.hurried = true;
    this.onHurry?.();
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

  ended(result: Ended): DeliveryResult {
    // A success at the first attempt needs no table.
    const worthSeeing = result.kind === 'failed' || this.last !== null || this.wasHeld;
    this.state = result.kind;
    this.attempt = result.number;
    this.nextAttemptAt = null;
    if (result.kind === 'failed') {
      this.reason = result.reason;
      this.attempts = result.attempts;
      this.last = result.attempts.at(-1)?.answer ?? this.last;
    }
    if (worthSeeing) this.changed();
    return {
      deliveryId: this.delivery.id,
      endpointId: this.delivery.endpointId,
      status: result.kind,
      reason: this.reason,
      attempts: result.number,
    };
  }
}

/** All of an event's deliveries: what the `status` query, the Temporal UI and the workflow's result say of them. */
export class EventProgress {
  private readonly deliveries = new Map<string, DeliveryProgress<Named>>();
  /** What messages have to say to deliveries that were not known when they came. */
  private readonly early = new Map<string, ((delivery: DeliveryProgress<Named>) => void)[]>();

  /** @param changed called when something changed that people may want to see */
  constructor(private readonly changed: () => void) {}

  add(delivery: OpenDelivery): DeliveryProgress {
    const progress = new DeliveryProgress(delivery, this.changed);
    progress.maybeSent = delivery.firstAttempt !== 'queued' || delivery.first !== undefined;
    if (delivery.mayRepeat) progress.mayRepeat = 1;
    this.deliveries.set(delivery.id, progress);
    for (const message of this.early.get(delivery.id) ?? []) message(progress);
    this.early.delete(delivery.id);
    return progress;
  }

  /** One of which nothing is left to do. */
  addDelivered(delivery: DeliveredAtOnce): DeliveryResult {
    const progress = new DeliveryProgress(delivery, this.changed);
    this.deliveries.set(delivery.id, progress);
    return progress.ended({ kind: 'delivered', number: 1, statusCode: delivery.statusCode });
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

  /** Markdown for the Temporal UI: a line for each delivery, and the attempts of those that failed. */
  details(): string {
    const all = [...this.deliveries.values()];
    return [
      '| endpoint | state | attempt | last answer | next attempt |',
      '|---|---|---|---|---|',
      ...all.map(
        ({ delivery, state, attempt, reason, last, nextAttemptAt }) =>
          `| \`${delivery.endpointId}\` | ${state}${reason ? ` (${reason})` : ''} | ${attempt} | ` +
          `${cell(last)} | ${timeOf(nextAttemptAt) ?? ''} |`,
      ),
      ...all.filter(({ attempts }) => attempts.length > 0).flatMap(attemptTable),
    ].join('\n');
  }

  private tell(deliveryId: string, message: (delivery: DeliveryProgress<Named>) => void): void {
    const delivery = this.deliveries.get(deliveryId);
    if (delivery) message(delivery);
    else this.early.set(deliveryId, [...(this.early.get(deliveryId) ?? []), message]);
  }
}

/** The event's outcome by its deliveries: the first that fits of failed, cancelled, delivered. */
export function resultOf(deliveries: readonly DeliveryResult[]): EventResult {
  const failed = deliveries.filter((delivery) => delivery.status === 'failed');
  if (deliveries.length === 0) return { status: 'unmatched', deliveries };
  if (failed.some((delivery) => delivery.reason !== 'cancelled')) return { status: 'failed', deliveries };
  return { status: failed.length > 0 ? 'cancelled' : 'delivered', deliveries };
}

function attemptTable({ delivery, attempts }: DeliveryProgress<Named>): string[] {
  return [
    '',
    `Attempts to \`${delivery.endpointId}\`:`,
    '',
    '| attempt | started | took | answer |',
    '|---|---|---|---|',
    ...attempts.map(
      ({ number, startedAt, durationMs, answer }) =>
        `| ${number} | ${startedAt} | ${durationMs === null ? '' : `${durationMs} ms`} | ${cell(answer)} |`,
    ),
  ];
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

function cell(text: string | null): string {
  return (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
}
