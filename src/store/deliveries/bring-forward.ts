import { nextAttempt } from '../attempts/lost-attempts.js';
import type { Delivery } from '../../domain/delivery.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/**
 * Makes the next attempt of a delivery that waits due now.
 * @returns its number; null when the delivery has ended, or is none
 */
export async function bringForward(db: Queryable, deliveryId: string, now: Date): Promise<number | null> {
  const day = dayOfDelivery(deliveryId);
  const [row] = await rowsOf<{ next: number }>(
    db,
    sql`update deliveries d
     set next_attempt_at = least(next_attempt_at, ${now}), reason = case when held then reason end
     where day = ${day} and id = ${deliveryId} and completed_at is null
     returning ${nextAttempt(day)} as next`,
  );
  return row?.next ?? null;
}

/** Records that a delivery was brought forward, after its workflow was signalled; not if it has gone on since it was read. */
export async function markBroughtForward(
  db: Queryable,
  { id, day, attemptCount, nextAttemptAt }: Delivery,
  now: Date,
): Promise<void> {
  await db.query(
    sql`update deliveries
     set next_attempt_at = least(next_attempt_at, ${now}), reason = null
     where day = ${day} and id = ${id} and completed_at is null and not held and attempt_count = ${attemptCount}
       and date_trunc('milliseconds', next_attempt_at) is not distinct from ${nextAttemptAt}`,
  );
}
