import { nextAttempt } from '../attempts/lost-attempts.js';
import type { Delivery } from '../../domain/delivery.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';

/**
 * Makes the next attempt of a delivery that waits due now.
 * @returns its number; null when the delivery has ended, or is none
 */
export async function bringForward(db: Queryable, deliveryId: string, now: Date): Promise<number | null> {
  const { rows } = await db.query<{ next: number }>(
    `update deliveries d
     set next_attempt_at = least(next_attempt_at, $3), reason = case when held then reason end
     where day = $1 and id = $2 and completed_at is null
     returning ${nextAttempt('$1')} as next`,
    [dayOfDelivery(deliveryId), deliveryId, now],
  );
  return rows[0]?.next ?? null;
}

/** Records that a delivery was brought forward, after its workflow was signalled; not if it has gone on since it was read. */
export async function markBroughtForward(
  db: Queryable,
  { id, day, attemptCount, nextAttemptAt }: Delivery,
  now: Date,
): Promise<void> {
  await db.query(
    `update deliveries
     set next_attempt_at = least(next_attempt_at, $5), reason = null
     where day = $1 and id = $2 and completed_at is null and not held and attempt_count = $3
       and date_trunc('milliseconds', next_attempt_at) is not distinct from $4`,
    [day, id, attemptCount, nextAttemptAt, now],
  );
}
