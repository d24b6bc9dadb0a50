import type { KnownDelivery } from '../../workflows/known-deliveries.js';
import type { DeliveryTrigger } from '../../domain/delivery.js';
import { dayOf } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';

/** The error of an attempt whose outcome PostgreSQL has lost. */
export const ATTEMPT_NOT_IN_LOG =
  'not_in_log: the record of this attempt was lost; its time and its answer are unknown';

/** An event as it is written into a log that has lost it. */
export interface LostEvent {
  readonly appId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly acceptedAt: Date;
  readonly contentHash: Buffer;
  readonly body: Buffer;
  readonly openedBy: string;
}

/** What the deliveries of one workflow have in common. */
export interface LostDeliveries {
  readonly event: Pick<LostEvent, 'appId' | 'eventId' | 'eventType' | 'acceptedAt'>;
  readonly trigger: DeliveryTrigger;
  readonly workflowId: string;
  readonly jobId: string | null;
  readonly expiresAt: Date | null;
  /** When they were made. */
  readonly createdAt: Date;
}

/**
 * Records an event again that PostgreSQL has lost; an existing one stays as it is.
 * @returns the owner of the event's id now (`opened_by`)
 */
export async function reopenEvent(db: Queryable, event: LostEvent): Promise<string> {
  const day = dayOf(event.acceptedAt);
  await db.query(
    `with key as (
       insert into event_keys (app_id, event_id, content_hash, day, opened_by) values ($2, $3, $4, $1, $5)
       on conflict do nothing
     )
     insert into events (day, app_id, id, event_type, body, created_at)
     select $1, $2, $3, $6, $7, $8 where not exists (
       select from event_keys where app_id = $2 and event_id = $3 and opened_by <> $5
     )
     on conflict do nothing`,
    [
      day,
      event.appId,
      event.eventId,
      event.contentHash,
      event.openedBy,
      event.eventType,
      event.body,
      event.acceptedAt,
    ],
  );
  const { rows } = await db.query<{ opened_by: string }>(
    'select opened_by from event_keys where app_id = $1 and event_id = $2',
    [event.appId, event.eventId],
  );
  return rows[0]?.opened_by ?? event.openedBy;
}

/**
 * Writes deliveries anew that the log has lost, each with its attempts, of which it says that they were lost. Those that
 * are there stay as they are.
 * @returns the ids of those that were written
 */
export async function reopenDeliveries(
  db: Queryable,
  { event, ...common }: LostDeliveries,
  deliveries: readonly KnownDelivery[],
  now: Date,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `with given as (
       select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[])
         as given (id, endpoint_id, begun, state, reason)
     ), reopened as (
       insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status, reason,
         attempt_count, attempt_started_at, next_attempt_at, expires_at, job_id, created_at, completed_at)
       select $6, id, $7, $8, $9, endpoint_id, $10, $11,
         case state when 'waiting' then case when begun = 0 then 'pending' else 'failed' end
           when 'under_way' then 'processing' else state end,
         reason, begun, case when begun > 0 then $15::timestamptz end,
         case when state in ('waiting', 'under_way') then $15::timestamptz end, $12, $13, $14,
         case when state in ('delivered', 'failed') then $15::timestamptz end
       from given
       on conflict do nothing
       returning id
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
       select $6, id, number, $14, $16, false, false
       from given join reopened using (id),
         generate_series(1, begun - case when state in ('under_way', 'delivered') then 1 else 0 end) as number
       on conflict do nothing
     )
     select id from reopened`,
    [
      deliveries.map(({ id }) => id),
      deliveries.map(({ endpointId }) => endpointId),
      deliveries.map(({ begun }) => begun),
      deliveries.map(({ state }) => state),
      deliveries.map(({ reason }) => reason),
      dayOf(event.acceptedAt),
      event.appId,
      event.eventId,
      event.eventType,
      common.trigger,
      common.workflowId,
      common.expiresAt,
      common.jobId,
      common.createdAt,
      now,
      ATTEMPT_NOT_IN_LOG,
    ],
  );
  return rows.map(({ id }) => id);
}

/**
 * Ends a delivery that is open in the log alone, as its workflow has ended it; attempts in between are said to be lost.
 * @returns whether it was open
 */
export async function settleDelivery(
  db: Queryable,
  { day, id }: { readonly day: string; readonly id: string },
  ending: Pick<KnownDelivery, 'begun' | 'reason'> & { readonly status: 'delivered' | 'failed' },
  at: Date,
): Promise<boolean> {
  const { rows } = await db.query<{ id: string }>(
    `with open as (
       select id, attempt_count from deliveries where day = $1 and id = $2 and completed_at is null for update
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
       select $1, id, number, $6, $7, false, false
       from open, generate_series(1, $5::int - case when $3 = 'delivered' then 1 else 0 end) as number
       on conflict do nothing
     )
     update deliveries d
     set status = $3, reason = $4, attempt_count = greatest(open.attempt_count, $5), next_attempt_at = null,
       held = false, granted_at = null, completed_at = $6
     from open where d.day = $1 and d.id = open.id
     returning d.id`,
    [day, id, ending.status, ending.reason, ending.begun, at, ATTEMPT_NOT_IN_LOG],
  );
  return rows.length === 1;
}
