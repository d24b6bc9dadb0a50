import type { FinalReason } from '../workflows/contract.js';
import { LOST_ATTEMPTS, WORKER_LOST } from './lost-attempts.js';
import { dayOfDelivery } from './partitions.js';
import type { Queryable } from './pool.js';

/** How a delivery stands after a wish to close it. */
export interface Standing {
  /** Null while it is open. */
  readonly status: 'delivered' | 'failed' | null;
  readonly reason: FinalReason | null;
  readonly attemptCount: number;
  readonly lastStatusCode: number | null;
}

/**
 * Ends a delivery that no attempt ended: cancelled, its endpoint deleted, or its last attempt lost. An attempt
 * that left no outcome is marked as lost. A delivery that has ended already stays as it is, and so does one that
 * is to be ended because attempt `lost` was lost, while fewer attempts than that were begun.
 * @returns how it stands; null when there is no such delivery
 */
export async function closeDelivery(
  db: Queryable,
  deliveryId: string,
  reason: FinalReason,
  now: Date,
  lost = 0,
): Promise<Standing | null> {
  const day = dayOfDelivery(deliveryId);
  await db.query(
    `with open as (
       select d.*, d.attempt_count > 0 and not exists (
           select from attempts t where t.day = d.day and t.delivery_id = d.id and t.number = d.attempt_count
         ) as unknown_outcome
       from deliveries d
       where day = $1 and id = $2 and completed_at is null and attempt_count >= $6 for update
     ), lost as (
       ${LOST_ATTEMPTS} from open where unknown_outcome on conflict do nothing
     ), closed as (
       update deliveries d
       set status = 'failed', reason = $3, next_attempt_at = null, held = false, completed_at = $4,
         last_status_code = case when unknown_outcome then null else d.last_status_code end,
         last_error = case when unknown_outcome then $5 else d.last_error end
       from open where d.day = open.day and d.id = open.id
       returning d.endpoint_id, d.trigger
     )
     update endpoints set failure_count = failure_count + 1 from closed
     where endpoints.id = closed.endpoint_id and closed.trigger = 'event' and $3 = 'exhausted'`,
    [day, deliveryId, reason, now, WORKER_LOST, lost],
  );
  const { rows } = await db.query<{
    status: 'delivered' | 'failed';
    reason: FinalReason | null;
    attempt_count: number;
    last_status_code: number | null;
    completed: boolean;
  }>(
    `select status, reason, attempt_count, last_status_code, completed_at is not null as completed
     from deliveries where day = $1 and id = $2`,
    [day, deliveryId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    status: row.completed ? row.status : null,
    reason: row.reason,
    attemptCount: row.attempt_count,
    lastStatusCode: row.last_status_code,
  };
}
