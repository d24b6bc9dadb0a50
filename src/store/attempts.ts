import type { FinalReason } from '../workflows/contract.js';
import { WORKER_LOST } from './lost-attempts.js';
import { dayOfDelivery, type Day } from './partitions.js';
import type { Queryable } from './pool.js';

/** One attempt that has come to an end. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: Date;
  /** Null for an attempt that was lost with its worker. */
  readonly durationMs: number | null;
  readonly statusCode: number | null;
  /** Null, or a code with text: `timeout: …`. */
  readonly error: string | null;
  readonly slow: boolean;
  /** The same attempt may have been sent before, by a worker that died. */
  readonly possiblyRepeated: boolean;
  readonly responseBody: string | null;
}

/** What an attempt made of its delivery. */
export interface DeliveryChange {
  readonly status: 'delivered' | 'failed';
  readonly reason: FinalReason | null;
  /** Null when the delivery has ended. */
  readonly nextAttemptAt: Date | null;
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
 * The endpoint's `failure_count` moves in the same statement, only when a delivery of an event ends.
 */
export async function recordAttempt(
  db: Queryable,
  deliveryId: string,
  attempt: Attempt,
  change: DeliveryChange,
): Promise<void> {
  const endedAt = new Date(attempt.startedAt.getTime() + (attempt.durationMs ?? 0));
  await db.query(
    `with attempt as (
       insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, error, slow,
         possibly_repeated, response_body)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (day, delivery_id, number) do update
       set possibly_repeated = attempts.possibly_repeated or excluded.possibly_repeated,
         ${['started_at', 'duration_ms', 'status_code', 'error', 'slow', 'response_body'].map(outcomeColumn).join(', ')}
     ), changed as (
       update deliveries
       set status = $12, reason = $13, next_attempt_at = $14, last_status_code = $6, last_error = $7,
         completed_at = case when $14::timestamptz is null then $15::timestamptz end
       where day = $1 and id = $2 and (
         (completed_at is null and (attempt_count = $3 and status = 'processing' or $12 = 'delivered'))
         or ($12 = 'delivered' and reason = 'exhausted' and last_error = $11)
       )
       returning endpoint_id, status, completed_at, trigger
     )
     update endpoints
     set failure_count = case changed.status when 'delivered' then 0 else failure_count + 1 end
     from changed
     where endpoints.id = changed.endpoint_id and changed.completed_at is not null
       and changed.trigger = 'event' and (changed.status = 'failed' or failure_count <> 0)`,
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
      endedAt,
    ],
  );
}

interface AttemptRow {
  delivery_id: string;
  number: number;
  started_at: Date;
  duration_ms: number | null;
  status_code: number | null;
  error: string | null;
  slow: boolean;
  possibly_repeated: boolean;
  response_body: string | null;
}

/** The attempts of the given deliveries of one day, by delivery, each in order of number. */
export async function attemptsOf(
  db: Queryable,
  day: Day,
  deliveryIds: readonly string[],
): Promise<Map<string, Attempt[]>> {
  const { rows } = await db.query<AttemptRow>(
    `select delivery_id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated,
       response_body
     from attempts where day = $1 and delivery_id = any ($2::uuid[]) order by number`,
    [day, deliveryIds],
  );
  const byDelivery = new Map<string, Attempt[]>(deliveryIds.map((id) => [id, []]));
  for (const row of rows) byDelivery.get(row.delivery_id)?.push(toAttempt(row));
  return byDelivery;
}

function toAttempt(row: AttemptRow): Attempt {
  return {
    number: row.number,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    statusCode: row.status_code,
    error: row.error,
    slow: row.slow,
    possiblyRepeated: row.possibly_repeated,
    responseBody: row.response_body,
  };
}
