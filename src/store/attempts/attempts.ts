import type { Attempt } from '../../domain/attempt.js';
import type { HealthRule } from '../../domain/health-rule.js';
import type { FinalReason } from '../../domain/delivery.js';
import {
  countedIn,
  healthChange,
  ruleValues,
  type HealthChange,
  type HealthRow,
} from '../endpoints/health.js';
import { WORKER_LOST } from './lost-attempts.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import { onlyRow, type Queryable } from '../database/pool.js';

/** The state of a delivery after an attempt. */
export interface DeliveryChange {
  readonly status: 'delivered' | 'failed';
  readonly reason: FinalReason | null;
  /** Null when the delivery has ended. */
  readonly nextAttemptAt: Date | null;
}

/** What recording an attempt changed. */
export interface Recorded {
  /** False when the delivery went on without this attempt: it was repeated, or taken as lost. */
  readonly changed: boolean;
  /** Null where nothing was counted. */
  readonly health: HealthChange | null;
}

/** A row that is there gives way to an outcome where the attempt was taken as lost, and to a success. */
const GIVES_WAY = `(attempts.error is not distinct from '${WORKER_LOST}'
  or ($12 = 'delivered' and attempts.status_code is distinct from excluded.status_code))`;
const outcomeColumn = (column: string) =>
  `${column} = case when ${GIVES_WAY} then excluded.${column} else attempts.${column} end`;

/**
 * Writes an attempt's outcome and its delivery's new state, once: a repetition changes nothing. An attempt that
 * was given up as lost and then came to an end after all takes the place of its `worker_lost` row; if it
 * delivered, the delivery is delivered even when a later attempt has begun, or when the loss had ended it.
 *
 * The endpoint's health moves in the same statement. Of a delivery that is gone, with its day or its application,
 * nothing is written.
 */
export async function recordAttempt(
  db: Queryable,
  deliveryId: string,
  attempt: Attempt,
  change: DeliveryChange,
  rule: HealthRule,
): Promise<Recorded> {
  const { rows } = await db.query<HealthRow & { changed: boolean }>(
    `with delivery as (
       -- Locked before it is changed, so that it is seen as marked when somebody has just begun the attempt again.
       select attempt_count = $3 and possibly_repeated as is_marked from deliveries
       where day = $1 and id = $2 for update
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, error, slow,
         possibly_repeated, response_body)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9 or is_marked, $10 from delivery
       on conflict (day, delivery_id, number) do update
       set possibly_repeated = attempts.possibly_repeated or excluded.possibly_repeated,
         ${['started_at', 'duration_ms', 'status_code', 'error', 'slow', 'response_body'].map(outcomeColumn).join(', ')}
     ), changed as (
       update deliveries d
       set status = $12, reason = $13, next_attempt_at = $14, last_status_code = $6, last_error = $7,
         completed_at = case when $14::timestamptz is null then $15::timestamptz end, granted_at = null
       from delivery
       where d.day = $1 and d.id = $2 and (
         (d.completed_at is null and (d.attempt_count = $3 and d.status = 'processing' or $12 = 'delivered'))
         or ($12 = 'delivered' and d.reason = 'exhausted' and d.last_error = $11)
       )
       returning d.endpoint_id, d.status, d.reason, d.completed_at, d.trigger
     )
     , counted as (${countedIn('changed', ['$16', '$17', '$18'])}
     )
     select exists (select from changed) as changed, counted.*
     from (values (1)) as one left join counted on true`,
    [
      dayOfDelivery(deliveryId),
      deliveryId,
      attempt.number,
      attempt.startedAt,
      attempt.durationMs,
      attempt.statusCode,
      attempt.error,
      attempt.slow,
      attempt.possiblyRepeated,
      attempt.responseBody,
      WORKER_LOST,
      change.status,
      change.reason,
      change.nextAttemptAt,
      endOf(attempt),
      ...ruleValues(rule, attempt.statusCode),
    ],
  );
  const row = onlyRow(rows);
  return { changed: row.changed, health: healthChange(row) };
}

/** When an attempt came to its end. */
export function endOf({ startedAt, durationMs }: Attempt): Date {
  return new Date(startedAt.getTime() + (durationMs ?? 0));
}
