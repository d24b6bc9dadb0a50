import type { HealthRule } from '../profiles/profile.js';
import type { FinalReason } from '../workflows/contract.js';
import { countedIn, healthChange, ruleValues, type HealthChange, type HealthRow } from './health.js';
import { WORKER_LOST } from './lost-attempts.js';
import { dayOfDelivery, type Day } from './partitions.js';
import { onlyRow, type Queryable } from './pool.js';

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
  /** The same attempt may have been sent before: by a worker that died, or over a connection that was closed. */
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

/** What the record of an attempt moved. */
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
    `with attempt as (
       insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, error, slow,
         possibly_repeated, response_body)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from deliveries where day = $1 and id = $2
       on conflict (day, delivery_id, number) do update
       set possibly_repeated = attempts.possibly_repeated or excluded.possibly_repeated,
         ${['started_at', 'duration_ms', 'status_code', 'error', 'slow', 'response_body'].map(outcomeColumn).join(', ')}
     ), changed as (
       update deliveries
       set status = $12, reason = $13, next_attempt_at = $14, last_status_code = $6, last_error = $7,
         completed_at = case when $14::timestamptz is null then $15::timestamptz end, granted_at = null
       where day = $1 and id = $2 and (
         (completed_at is null and (attempt_count = $3 and status = 'processing' or $12 = 'delivered'))
         or ($12 = 'delivered' and reason = 'exhausted' and last_error = $11)
       )
       returning endpoint_id, status, reason, completed_at, trigger
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

/** An attempt that has come to an end, with what it made of its delivery. */
export interface EndedAttempt {
  readonly deliveryId: string;
  readonly attempt: Attempt;
  readonly change: DeliveryChange;
  readonly rule: HealthRule;
}

/** What final failures count for is the matter of one statement each. */
const isPlain = ({ change }: EndedAttempt) => change.status === 'delivered' || change.nextAttemptAt !== null;

/**
 * Writes many outcomes in one statement: of deliveries of one day that have gone as expected. The others are written
 * as `recordAttempt` does.
 */
export async function recordAttempts(
  db: Queryable,
  ended: readonly EndedAttempt[],
): Promise<readonly (Recorded | Promise<Recorded>)[]> {
  const recorded =
    ended.length > 1 ? await recordPlain(db, ended.filter(isPlain)) : new Map<string, Recorded>();
  return ended.map(
    ({ deliveryId, attempt, change, rule }) =>
      recorded.get(keyOf(deliveryId, attempt.number)) ?? recordAttempt(db, deliveryId, attempt, change, rule),
  );
}

const keyOf = (deliveryId: string, number: number) => `${deliveryId}/${number}`;

/** Those that it has written, by delivery and number: the attempt was the one under way, and left no outcome yet. */
async function recordPlain(db: Queryable, ended: readonly EndedAttempt[]): Promise<Map<string, Recorded>> {
  const [first] = ended;
  if (!first) return new Map();
  const day = dayOfDelivery(first.deliveryId);
  const ofDay = ended.filter(({ deliveryId }) => dayOfDelivery(deliveryId) === day);
  const { rows } = await db.query<{ id: string; number: number } & HealthRow>(
    `with given as (
       select * from unnest($2::uuid[], $3::int[], $4::timestamptz[], $5::int[], $6::int[], $7::text[], $8::boolean[],
         $9::boolean[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[]) as given (id, number, started_at,
         duration_ms, status_code, error, slow, possibly_repeated, response_body, status, next_attempt_at, ended_at)
     ), locked as (
       -- In this order, so that two who write of the same deliveries do not wait for each other.
       select d.id from deliveries d join given using (id)
       where d.day = $1 and d.completed_at is null and d.status = 'processing' and d.attempt_count = given.number
       order by d.id for update of d
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, error, slow,
         possibly_repeated, response_body)
       select $1, id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated, response_body
       from given join locked using (id)
       on conflict do nothing
       returning delivery_id, number
     ), changed as (
       update deliveries d
       set status = given.status, reason = null, next_attempt_at = given.next_attempt_at,
         last_status_code = given.status_code, last_error = given.error,
         completed_at = case when given.next_attempt_at is null then given.ended_at end, granted_at = null
       from given join attempt on attempt.delivery_id = given.id and attempt.number = given.number
       where d.day = $1 and d.id = given.id
       returning d.id, d.attempt_count as number, d.endpoint_id, d.status, d.trigger
     ), healed as (
       update endpoints set failure_count = 0, failing_since = null, unwell = false, tripped = null
       from (select distinct endpoint_id from changed where status = 'delivered' and trigger = 'event') as delivered
       where endpoints.id = delivered.endpoint_id and enabled and tripped is null and unwell
       returning id, failure_count, tripped, unwell
     )
     select changed.id, changed.number, healed.failure_count, healed.tripped, healed.unwell
     from changed left join healed on healed.id = changed.endpoint_id and changed.status = 'delivered'
       and changed.trigger = 'event'`,
    [
      day,
      ofDay.map(({ deliveryId }) => deliveryId),
      ofDay.map(({ attempt }) => attempt.number),
      ofDay.map(({ attempt }) => attempt.startedAt),
      ofDay.map(({ attempt }) => attempt.durationMs),
      ofDay.map(({ attempt }) => attempt.statusCode),
      ofDay.map(({ attempt }) => attempt.error),
      ofDay.map(({ attempt }) => attempt.slow),
      ofDay.map(({ attempt }) => attempt.possiblyRepeated),
      ofDay.map(({ attempt }) => attempt.responseBody),
      ofDay.map(({ change }) => change.status),
      ofDay.map(({ change }) => change.nextAttemptAt),
      ofDay.map(({ attempt }) => endOf(attempt)),
    ],
  );
  return new Map(
    rows.map((row) => [keyOf(row.id, row.number), { changed: true, health: healthChange(row) }] as const),
  );
}

function endOf({ startedAt, durationMs }: Attempt): Date {
  return new Date(startedAt.getTime() + (durationMs ?? 0));
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
