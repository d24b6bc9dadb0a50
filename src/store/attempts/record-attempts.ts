import type { HealthRule } from '../../domain/health-rule.js';
import type { Attempt } from '../../domain/attempt.js';
import { endOf, type DeliveryChange, type Recorded } from './attempts.js';
import { healthChange, type HealthRow } from '../endpoints/health.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** An attempt that has come to an end, with what it made of its delivery. */
export interface EndedAttempt {
  readonly deliveryId: string;
  readonly attempt: Attempt;
  readonly change: DeliveryChange;
  readonly rule: HealthRule;
}

/** What final failures count for is the matter of one statement each: two of them may be about one endpoint. */
export function isPlain({ change }: EndedAttempt): boolean {
  return change.status === 'delivered' || change.nextAttemptAt !== null;
}

/**
 * Writes many outcomes in one statement, as `recordAttempt` would one by one: of deliveries of one day that have gone
 * as expected, the attempt being the one under way, without an outcome yet.
 * @returns one for each, in their order; null for those that are not of that kind, and have not been written
 */
export async function recordAttempts(
  db: Queryable,
  ended: readonly EndedAttempt[],
): Promise<(Recorded | null)[]> {
  const [first] = ended;
  if (!first) return [];
  const day = dayOfDelivery(first.deliveryId);
  const chosen = onePerDelivery(
    ended.filter((each) => isPlain(each) && dayOfDelivery(each.deliveryId) === day),
  );
  const rows = await rowsOf<{ id: string; number: number } & HealthRow>(
    db,
    sql`with given as (
       select * from unnest(
         ${chosen.map(({ deliveryId }) => deliveryId)}::uuid[],
         ${chosen.map(({ attempt }) => attempt.number)}::int[],
         ${chosen.map(({ attempt }) => attempt.startedAt)}::timestamptz[],
         ${chosen.map(({ attempt }) => attempt.durationMs)}::int[],
         ${chosen.map(({ attempt }) => attempt.statusCode)}::int[],
         ${chosen.map(({ attempt }) => attempt.error)}::text[],
         ${chosen.map(({ attempt }) => attempt.slow)}::boolean[],
         ${chosen.map(({ attempt }) => attempt.possiblyRepeated)}::boolean[],
         ${chosen.map(({ attempt }) => attempt.responseBody)}::text[],
         ${chosen.map(({ change }) => change.status)}::text[],
         ${chosen.map(({ change }) => change.nextAttemptAt)}::timestamptz[],
         ${chosen.map(({ attempt }) => endOf(attempt))}::timestamptz[],
         ${chosen.map(({ change: { schedule } }) => schedule && JSON.stringify(schedule))}::jsonb[]
       ) as given (id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated, response_body,
         status, next_attempt_at, ended_at, schedule)
     ), locked as (
       -- In this order, so that two who write of the same deliveries do not wait for each other.
       select d.id, d.possibly_repeated as was_marked from deliveries d join given using (id)
       where d.day = ${day} and d.completed_at is null and d.status = 'processing' and d.attempt_count = given.number
       order by d.id for update of d
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, error, slow,
         possibly_repeated, response_body)
       select ${day}, id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated or was_marked,
         response_body
       from given join locked using (id)
       on conflict do nothing
       returning delivery_id, number
     ), changed as (
       update deliveries d
       set status = given.status, reason = null, next_attempt_at = given.next_attempt_at,
         last_status_code = given.status_code, last_error = given.error,
         completed_at = case when given.next_attempt_at is null then given.ended_at end, granted_at = null,
         schedule = coalesce(given.schedule, d.schedule)
       from given join attempt on attempt.delivery_id = given.id and attempt.number = given.number
       where d.day = ${day} and d.id = given.id
       returning d.id, d.attempt_count as number, d.endpoint_id, d.status, d.trigger
     ), unwell as (
       -- In this order, as above.
       select id from endpoints
       where id in (select endpoint_id from changed where status = 'delivered' and trigger = 'event')
         and enabled and tripped is null and unwell
       order by id for no key update
     ), healed as (
       update endpoints e set failure_count = 0, failing_since = null, unwell = false, tripped = null
       from unwell where e.id = unwell.id
       returning e.id, e.failure_count, e.tripped, e.unwell
     )
     select changed.id, changed.number, healed.failure_count, healed.tripped, healed.unwell
     from changed left join healed on healed.id = changed.endpoint_id and changed.status = 'delivered'
       and changed.trigger = 'event'`,
  );
  const recorded = new Map(
    rows.map((row) => [`${row.id}/${row.number}`, { changed: true, health: healthChange(row) }]),
  );
  return ended.map((each) =>
    chosen.includes(each) ? (recorded.get(`${each.deliveryId}/${each.attempt.number}`) ?? null) : null,
  );
}

/** The first of each: the same attempt may have been made twice. */
function onePerDelivery(ended: readonly EndedAttempt[]): EndedAttempt[] {
  const byDelivery = new Map<string, EndedAttempt>();
  for (const each of ended) if (!byDelivery.has(each.deliveryId)) byDelivery.set(each.deliveryId, each);
  return [...byDelivery.values()];
}
