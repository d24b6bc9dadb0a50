import { acceptedAtOf } from '../delivery/delivery-id.js';
import type { DeliveryReason, DeliveryStatus, DeliveryTrigger } from './deliveries.js';
import { dayOf, type Day } from './partitions.js';
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

/** Error of an attempt whose worker died, or was cut off, before the outcome was known. */
export const WORKER_LOST = 'worker_lost: the worker ended before the outcome of this attempt was known';

/** The delivery as it stood before this attempt, and everything that sending it needs. */
export interface BeginningRow {
  app_id: string;
  event_id: string;
  event_type: string;
  endpoint_id: string;
  trigger: DeliveryTrigger;
  status: DeliveryStatus;
  reason: DeliveryReason | null;
  attempt_count: number;
  next_attempt_at: Date | null;
  last_status_code: number | null;
  last_error: string | null;
  completed_at: Date | null;
  body: Buffer | null;
  app_name: string | null;
  profile: string | null;
  url: string | null;
  secret: Buffer | null;
  headers: Buffer | null;
  /** The log has this attempt's outcome already. */
  recorded: boolean;
  /** The attempt is marked as begun now, and may be sent. */
  begun: boolean;
  endpoint_exists: boolean;
  endpoint_enabled: boolean;
}

/** An attempt announced for later than this is not begun now. Wider than the clocks of two hosts may differ. */
const EARLY_TOLERANCE_MS = 2_000;

/**
 * Marks attempt `number` as begun before anything is sent, unless the delivery has ended, the attempt is already
 * in the log, it is too early for it, or its endpoint takes none now. Attempts before it that left no outcome
 * are marked as lost. Null when there is no such delivery.
 */
export async function beginAttempt(
  db: Queryable,
  deliveryId: string,
  number: number,
  now: Date,
): Promise<BeginningRow | null> {
  const { rows } = await db.query<BeginningRow>(
    `with delivery as (
       select * from deliveries where day = $1 and id = $2 for update
     ), present as (
       select d.*, ev.body, a.name as app_name, a.profile, e.url, e.secret, e.headers,
         e.id is not null as endpoint_exists,
         coalesce(e.enabled, false) as endpoint_enabled,
         exists (select from attempts t where t.day = d.day and t.delivery_id = d.id and t.number = $3)
           as recorded
       from delivery d
       left join events ev on ev.day = d.day and ev.app_id = d.app_id and ev.id = d.event_id
       left join apps a on a.id = d.app_id
       left join endpoints e on e.id = d.endpoint_id
     ), going as (
       select * from present
       where completed_at is null and not recorded and attempt_count <= $3
         and endpoint_exists and (endpoint_enabled or trigger = 'test')
         and (next_attempt_at is null or next_attempt_at <= $5)
     ), lost as (
       insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
       select day, id, n, case when n = attempt_count then attempt_started_at else $4 end, $6, false, false
       from going, generate_series(1, $3 - 1) n
       on conflict do nothing
     ), begun as (
       update deliveries d
       set status = 'processing', reason = null, attempt_count = $3, attempt_started_at = $4,
         next_attempt_at = null
       from going where d.day = going.day and d.id = going.id
     )
     select present.*, exists (select from going) as begun from present`,
    [dayOfDelivery(deliveryId), deliveryId, number, now, earliest(now), WORKER_LOST],
  );
  return rows[0] ?? null;
}

/** What an attempt made of its delivery. */
export interface DeliveryChange {
  readonly status: DeliveryStatus;
  readonly reason: DeliveryReason | null;
  readonly nextAttemptAt: Date | null;
}

/**
 * Writes an attempt's outcome and its delivery's new state, once: a repetition changes nothing. An attempt that
 * was given up as lost and then came to an end after all takes the place of its `worker_lost` row; if it
 * delivered, the delivery is complete even when a later attempt has begun.
 *
 * The endpoint's `failure_count` moves in the same statement, only when a delivery of an event ends.
 */
export async function recordAttempt(
  db: Queryable,
  deliveryId: string,
  attempt: Attempt,
  change: DeliveryChange,
): Promise<void> {
  const completed = change.nextAttemptAt === null && change.status !== 'pending';
  const endedAt = new Date(attempt.startedAt.getTime() + (attempt.durationMs ?? 0));
  await db.query(
    `with attempt as (
       insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, error, slow,
         possibly_repeated, response_body)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (day, delivery_id, number) do update
       set started_at = excluded.started_at, duration_ms = excluded.duration_ms,
         status_code = excluded.status_code, error = excluded.error, slow = excluded.slow,
         response_body = excluded.response_body
       where attempts.error = $11
     ), changed as (
       update deliveries
       set status = $12, reason = $13, next_attempt_at = $14, last_status_code = $6, last_error = $7,
         completed_at = case when $15::boolean then $16::timestamptz end
       where day = $1 and id = $2 and completed_at is null and (attempt_count = $3 or $12 = 'delivered')
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
      completed,
      endedAt,
    ],
  );
}

/** How a delivery stands once it is closed. */
export interface ClosedDelivery {
  readonly status: DeliveryStatus;
  readonly reason: DeliveryReason | null;
  readonly attemptCount: number;
}

/**
 * Ends a delivery that no attempt ended: cancelled, its endpoint deleted, or its last attempt lost. An attempt
 * that left no outcome is marked as lost. A delivery that has ended already stays as it is.
 */
export async function closeDelivery(
  db: Queryable,
  deliveryId: string,
  reason: DeliveryReason,
  now: Date,
): Promise<ClosedDelivery | null> {
  const day = dayOfDelivery(deliveryId);
  await db.query(
    `with open as (
       select * from deliveries where day = $1 and id = $2 and completed_at is null for update
     ), lost as (
       insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
       select day, id, attempt_count, attempt_started_at, $5, false, false from open
       where status = 'processing'
       on conflict do nothing
     ), closed as (
       update deliveries d
       set status = 'failed', reason = $3, next_attempt_at = null, completed_at = $4,
         last_status_code = case when open.status = 'processing' then null else d.last_status_code end,
         last_error = case when open.status = 'processing' then $5 else d.last_error end
       from open where d.day = open.day and d.id = open.id
       returning d.endpoint_id, d.trigger
     )
     update endpoints set failure_count = failure_count + 1 from closed
     where endpoints.id = closed.endpoint_id and closed.trigger = 'event' and $3 = 'exhausted'`,
    [day, deliveryId, reason, now, WORKER_LOST],
  );
  const { rows } = await db.query<{
    status: DeliveryStatus;
    reason: DeliveryReason | null;
    attempt_count: number;
  }>('select status, reason, attempt_count from deliveries where day = $1 and id = $2', [day, deliveryId]);
  const [row] = rows;
  return row ? { status: row.status, reason: row.reason, attemptCount: row.attempt_count } : null;
}

/**
 * Marks a delivery as held because its endpoint takes none now, in the transaction that locks the endpoint's row
 * and reads it again: whoever enables the endpoint either sees the held delivery or is seen here.
 * @returns whether it is held
 */
export async function holdDelivery(db: Queryable, deliveryId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with endpoint as (
       select e.id, e.enabled from endpoints e
       where e.id = (select endpoint_id from deliveries where day = $1 and id = $2) for share
     )
     update deliveries set status = 'pending', reason = 'endpoint_disabled', next_attempt_at = null
     where day = $1 and id = $2 and completed_at is null
       and exists (select from endpoint where not enabled)`,
    [dayOfDelivery(deliveryId), deliveryId],
  );
  return rowCount === 1;
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

function earliest(now: Date): Date {
  return new Date(now.getTime() + EARLY_TOLERANCE_MS);
}

function dayOfDelivery(deliveryId: string): Day {
  const acceptedAt = acceptedAtOf(deliveryId);
  if (!acceptedAt) throw new Error(`not a delivery id: ${deliveryId}`);
  return dayOf(acceptedAt);
}
