import { beginAttempt, type BegunAttempt } from '../store/begin-attempt.js';
import { holdDelivery } from '../store/held-deliveries.js';
import type { AttemptResult } from '../workflows/contract.js';
import { closeWith, endedAs } from './close-delivery.js';
import type { Dependencies } from './dependencies.js';
import { withinLogPatience } from './log-patience.js';

/**
 * Marks an attempt as begun in the log and says what to send, or settles it without sending: the delivery has
 * ended, another attempt is the next, it is not due yet, or the endpoint takes none.
 */
export async function beginOrSettle(
  deps: Dependencies,
  deliveryId: string,
  number: number,
): Promise<{ begun: BegunAttempt } | { settled: AttemptResult }> {
  const now = deps.now();
  const beginning = await withinLogPatience(beginAttempt(deps.pool, deliveryId, number, now));
  switch (beginning.kind) {
    case 'begun':
      return { begun: beginning.attempt };
    case 'ended':
      return { settled: await endedAs(deps, deliveryId, beginning) };
    case 'not_now': {
      const { next, at, last } = beginning;
      const delayMs = Math.max(0, (at?.getTime() ?? 0) - now.getTime());
      return { settled: { kind: 'retry', next, delayMs, last } };
    }
    case 'endpoint_disabled':
      return {
        settled: (await withinLogPatience(holdDelivery(deps.pool, deliveryId)))
          ? { kind: 'held', next: number }
          : // The endpoint was enabled, or the delivery ended, between the two looks.
            { kind: 'retry', next: number, delayMs: 0, last: null },
      };
    case 'endpoint_deleted':
      return { settled: await closeWith(deps, deliveryId, 'endpoint_deleted') };
    case 'unknown':
      return { settled: { kind: 'failed', number, reason: 'cancelled', attempts: [] } };
  }
}
