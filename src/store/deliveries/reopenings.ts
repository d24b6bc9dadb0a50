import type { KnownDelivery } from '../../workflows/known-deliveries.js';
import type { DeliveryTrigger } from '../../domain/delivery.js';
import { dayOf } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';
import { CLOSING } from './close-delivery.js';

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
  const { appId, eventId, eventType, acceptedAt, contentHash, body, openedBy } = event;
  const day = dayOf(acceptedAt);
  await db.query(
    sql`with key as (
       insert into event_keys (app_id, event_id, content_hash, day, opened_by)
       values (${appId}, ${eventId}, ${contentHash}, ${day}, ${openedBy})
       on conflict do nothing
     )
     insert into events (day, app_id, id, event_type, body, created_at)
     select ${day}, ${appId}, ${eventId}, ${eventType}, ${body}, ${acceptedAt} where not exists (
       select from event_keys where app_id = ${appId} and event_id = ${eventId} and opened_by <> ${openedBy}
     )
     on conflict do nothing`,
  );
  const [key] = await rowsOf<{ openedBy: string }>(
    db,
    sql`select opened_by from event_keys where app_id = ${appId} and event_id = ${eventId}`,
  );
  return key?.openedBy ?? openedBy;
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
  const { appId, eventId, eventType } = event;
  const { trigger, workflowId, jobId, expiresAt, createdAt } = common;
  const day = dayOf(event.acceptedAt);
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`with given as (
       select * from unnest(
         ${deliveries.map(({ id }) => id)}::uuid[],
         ${deliveries.map(({ endpointId }) => endpointId)}::uuid[],
         ${deliveries.map(({ begun }) => begun)}::int[],
         ${deliveries.map(({ state }) => state)}::text[],
         ${deliveries.map(({ reason }) => reason)}::text[]
       ) as given (id, endpoint_id, begun, state, reason)
     ), reopened as (
       insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status, reason,
         attempt_count, attempt_started_at, next_attempt_at, expires_at, job_id, created_at, completed_at)
       select ${day}, id, ${appId}, ${eventId}, ${eventType}, endpoint_id, ${trigger}, ${workflowId},
         case state when 'waiting' then case when begun = 0 then 'pending' else 'failed' end
           when 'under_way' then 'processing' else state end,
         reason, begun, case when begun > 0 then ${now}::timestamptz end,
         case when state in ('waiting', 'under_way') then ${now}::timestamptz end,
         ${expiresAt}, ${jobId}, ${createdAt},
         case when state in ('delivered', 'failed') then ${now}::timestamptz end
       from given
       on conflict do nothing
       returning id
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
       select ${day}, id, number, ${createdAt}, ${ATTEMPT_NOT_IN_LOG}, false, false
       from given join reopened using (id),
         generate_series(1, begun - case when state in ('under_way', 'delivered') then 1 else 0 end) as number
       on conflict do nothing
     )
     select id from reopened`,
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
  const { status, reason, begun } = ending;
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`with open as (
       select id, attempt_count from deliveries
       where day = ${day} and id = ${id} and completed_at is null for update
     ), attempt as (
       insert into attempts (day, delivery_id, number, started_at, error, slow, possibly_repeated)
       select ${day}, id, number, ${at}, ${ATTEMPT_NOT_IN_LOG}, false, false
       from open, generate_series(1, ${status === 'delivered' ? begun - 1 : begun}::int) as number
       on conflict do nothing
     ), settled as (
       update deliveries d
       set status = ${status}, reason = ${reason}, attempt_count = greatest(open.attempt_count, ${begun}),
         next_attempt_at = null, held = false, granted_at = null, completed_at = ${at}
       from open where d.day = ${day} and d.id = open.id
       returning d.day, d.id, d.completed_at
     ), ${CLOSING} from settled)
     select id from settled`,
  );
  return rows.length === 1;
}
