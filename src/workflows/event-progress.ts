import type { AttemptSummary, DeliveryResult, EventResult, FinalReason, OpenDelivery } from './contract.js';
import type { EventStatusAnswer } from './messages.js';

/** A delivery as its workflow watches it. */
export class DeliveryProgress {
  state: 'sending' | 'waiting' | 'held' | 'delivered' | 'failed' = 'sending';
  /** The number of the attempt that is being made, or comes next, or was the last. */
  attempt = 1;
  /** When the next attempt is due, in milliseconds since the epoch; null unless waiting. */
  nextAttemptAt: number | null = null;
  reason: FinalReason | null = null;
  /** What came of the attempt before. */
  last: string | null = null;
  /** Set by the `release` signal, taken back when a held delivery goes on. */
  released = false;
  /** Known when it failed for good. */
  attempts: readonly AttemptSummary[] = [];

  constructor(readonly delivery: OpenDelivery) {}
}

/** All of an event's deliveries: what the `status` query, the Temporal UI and the workflow's result say of them. */
export class EventProgress {
  private readonly deliveries = new Map<string, DeliveryProgress>();
  /** Releases that came before their delivery was known. */
  private readonly early = new Set<string>();

  add(delivery: OpenDelivery): DeliveryProgress {
    const progress = new DeliveryProgress(delivery);
    progress.released = this.early.delete(delivery.id);
    this.deliveries.set(delivery.id, progress);
    return progress;
  }

  release(deliveryId: string): void {
    const progress = this.deliveries.get(deliveryId);
    if (progress) progress.released = true;
    else this.early.add(deliveryId);
  }

  status(): EventStatusAnswer {
    return {
      deliveries: [...this.deliveries.values()].map((progress) => ({
        delivery_id: progress.delivery.id,
        webhook_id: progress.delivery.endpointId,
        state: progress.state,
        attempt: progress.attempt,
        next_attempt_at:
          progress.nextAttemptAt === null ? null : new Date(progress.nextAttemptAt).toISOString(),
        reason: progress.reason,
        last: progress.last,
      })),
    };
  }

  /** Markdown for the Temporal UI: a line for each delivery, and the attempts of those that failed. */
  details(): string {
    const rows = [...this.deliveries.values()].map(
      ({ delivery, state, attempt, reason, last, nextAttemptAt }) =>
        `| \`${delivery.endpointId}\` | ${state}${reason ? ` (${reason})` : ''} | ${attempt} | ${cell(last)} | ${
          nextAttemptAt === null ? '' : new Date(nextAttemptAt).toISOString()
        } |`,
    );
    const failed = [...this.deliveries.values()].filter(({ attempts }) => attempts.length > 0);
    return [
      '| endpoint | state | attempt | last answer | next attempt |',
      '|---|---|---|---|---|',
      ...rows,
      ...failed.flatMap(({ delivery, attempts }) => [
        '',
        `Attempts to \`${delivery.endpointId}\`:`,
        '',
        '| attempt | started | took | answer |',
        '|---|---|---|---|',
        ...attempts.map(
          ({ number, startedAt, durationMs, answer }) =>
            `| ${number} | ${startedAt} | ${durationMs === null ? '' : `${durationMs} ms`} | ${cell(answer)} |`,
        ),
      ]),
    ].join('\n');
  }
}

/** The event's outcome by its deliveries: the first that fits of failed, cancelled, delivered. */
export function resultOf(deliveries: readonly DeliveryResult[]): EventResult {
  const failed = deliveries.filter((delivery) => delivery.status === 'failed');
  if (deliveries.length === 0) return { status: 'unmatched', deliveries };
  if (failed.some((delivery) => delivery.reason !== 'cancelled')) return { status: 'failed', deliveries };
  return { status: failed.length > 0 ? 'cancelled' : 'delivered', deliveries };
}

function cell(text: string | null): string {
  return (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
}
