import type { Attempt } from '../../domain/attempt.js';
import type { HealthRule } from '../../domain/health-rule.js';
import type { Schedule } from '../../domain/schedule.js';
import type { FinalReason } from '../../domain/delivery.js';
import { countedIn, healthChange, type HealthChange, type HealthRow } from '../endpoints/health.js';
import { WORKER_LOST } from './lost-attempts.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { join, raw, rowsOf, sql } from '../database/sql.js';

/** The state of a delivery after an attempt. */
export interface DeliveryChange {
  readonly status: 'delivered' | 'failed';
  readonly reason: FinalReason | null;
  /** Null when the delivery has ended. */
  readonly nextAttemptAt: Date | null;
  /** Of the delivery, where its next attempt comes by it: it is shown. Nothing in Posthorn decides by it. */
  readonly schedule?: Schedule;
}

/** What recording an attempt changed. */
export interface Recorded {
  /** False when the delivery went on without this attempt: it was repeated, or taken as lost. */
  readonly changed: boolean;
  /** Null where nothing was counted. */
  readonly health: HealthChange | null;
}

/** What an outcome writes over the one that is there, if that gives way. */
const OUTCOME = ['started_at', 'duration_ms', 'status_code', 'error', 'slow', 'response_body'];

/** A row that is there gives way to an outcome where the attempt was taken as lost, and to a success. */
function outcomeOver({ status }: DeliveryChange) {
  const givesWay = sql`(attempts.error is not distinct from ${WORKER_LOST}::text
    or (${status}::text = 'delivered' and attempts.status_code is distinct from excluded.status_code))`;
  const columns = OUTCOME.map((column) => {
    const [there, given] = [raw(`attempts.${column}`), raw(`excluded.${column}`)];
    return sql`${raw(column)} = case when ${givesWay} then ${given} else ${there} end`;
  });
  return join(columns, ', ');
}

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
  const day = dayOfDelivery(deliveryId);
  const { number, startedAt, durationMs, statusCode, error, slow, possiblyRepeated, responseBody } = attempt;
  const { status, reason, nextAttemptAt, schedule } = change;
  const rows = await rowsOf<HealthRow & { changed: boolean }>(
    db,
    sql`with delivery as (
       -- Locked before it is changed, so that it is seen as marked when somebody has just begun the attempt again.
       select attempt_count = ${number} and possibly_repeated as is_marked from deliveries
       where day = ${day} and id = ${deliveryId} for update
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, error, slow,
         possibly_repeated, response_body)
       select ${day}, ${deliveryId}, ${number}, ${startedAt}, ${durationMs}, ${statusCode}, ${error}, ${slow},
         ${possiblyRepeated} or is_marked, ${responseBody}
       from delivery
       on conflict (day, delivery_id, number) do update
       set possibly_repeated = attempts.possibly_repeated or excluded.possibly_repeated, ${outcomeOver(change)}
     ), changed as (
       update deliveries d
       set status = ${status}, reason = ${reason}, next_attempt_at = ${nextAttemptAt},
         last_status_code = ${statusCode}, last_error = ${error}, granted_at = null,
         schedule = coalesce(${schedule && JSON.stringify(schedule)}::jsonb, d.schedule),
         completed_at = case when ${nextAttemptAt}::timestamptz is null then ${endOf(attempt)}::timestamptz end
       from delivery
       where d.day = ${day} and d.id = ${deliveryId} and (
         (d.completed_at is null
           and (d.attempt_count = ${number} and d.status = 'processing' or ${status}::text = 'delivered'))
         or (${status}::text = 'delivered' and d.reason = 'exhausted' and d.last_error = ${WORKER_LOST})
       )
       returning d.endpoint_id, d.status, d.reason, d.completed_at, d.trigger
     ), counted as (${countedIn(sql`changed`, rule, statusCode)}
     )
     select exists (select from changed) as changed, counted.*
     from (values (1)) as one left join counted on true`,
  );
  const row = onlyRow(rows);
  return { changed: row.changed, health: healthChange(row) };
}

/** When an attempt came to its end. */
export function endOf({ startedAt, durationMs }: Attempt): Date {
  return new Date(startedAt.getTime() + (durationMs ?? 0));
}
