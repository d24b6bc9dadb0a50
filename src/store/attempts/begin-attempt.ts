import type { FinalReason, DeliveryTrigger } from '../../domain/delivery.js';
import type { AppSettings } from '../../domain/app.js';
import { settingsOf, type StoredSettings } from '../apps/apps.js';
import type { EndedDelivery } from '../deliveries/close-delivery.js';
import type { PreviousSecret } from '../../domain/endpoint.js';
import { GRANT_LASTS } from '../deliveries/held-deliveries.js';
import { LOST_ATTEMPTS, nextAttempt, WORKER_LOST } from './lost-attempts.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** An attempt that is recorded as begun, with everything needed to send it. Secret and headers are encrypted. */
export interface BegunAttempt {
  readonly deliveryId: string;
  readonly number: number;
  /** The same attempt may have been sent before: it was begun and left no outcome, or the log has lost what it knew. */
  readonly possiblyRepeated: boolean;
  readonly trigger: DeliveryTrigger;
  readonly appId: string;
  readonly appName: string;
  readonly profileId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly body: Buffer;
  readonly endpointId: string;
  readonly url: string;
  readonly secret: Buffer | null;
  readonly headers: Buffer | null;
  readonly previousSecrets: readonly PreviousSecret[];
  /** After this no attempt begins. */
  readonly expiresAt: Date | null;
  readonly settings: AppSettings;
}

/** The answer to the request to begin an attempt. */
export type Beginning =
  | { readonly kind: 'begun'; readonly attempt: BegunAttempt }
  | {
      readonly kind: 'ended';
      readonly status: 'delivered' | 'failed';
      readonly reason: FinalReason | null;
      readonly attemptCount: number;
      readonly lastStatusCode: number | null;
      readonly delivery: EndedDelivery;
    }
  /** Another attempt is the next, or it is not time yet. */
  | {
      readonly kind: 'not_now';
      readonly next: number;
      readonly at: Date | null;
      readonly last: string | null;
    }
  /** The endpoint is disabled, about to be, or paused. */
  | { readonly kind: 'endpoint_blocked' }
  /** The endpoint has limits, and the delivery has not been let through by them. */
  | { readonly kind: 'endpoint_limited'; readonly endpointId: string }
  | { readonly kind: 'expired' }
  /** The endpoint is not there: deleted, or not known. */
  | { readonly kind: 'endpoint_gone'; readonly endpointId: string }
  /** There is no such delivery, or not its event. */
  | { readonly kind: 'not_in_log' };

type BeginningRow = Omit<
  BegunAttempt,
  'deliveryId' | 'number' | 'possiblyRepeated' | 'profileId' | 'settings'
> & {
  readonly kind: Beginning['kind'] | 'too_early';
  readonly status: 'delivered' | 'failed';
  readonly reason: FinalReason | null;
  readonly attemptCount: number;
  readonly mayHaveBeenSent: boolean;
  readonly nextAttemptAt: Date | null;
  readonly next: number;
  readonly afterLoss: Date | null;
  readonly lastStatusCode: number | null;
  readonly lastError: string | null;
  readonly profile: string;
  readonly settings: StoredSettings;
};

/** An attempt that is due within this time is begun now: the clocks of two hosts may differ by as much. */
export const EARLY_TOLERANCE_MS = 2_000;

/**
 * Marks attempt `number` as begun, before anything is sent. The log decides: it knows which attempts were begun,
 * which left an outcome, and whether the endpoint takes deliveries. Attempts begun before this one that left no
 * outcome are marked as lost. That this one may have been sent before is in the log before it is sent again: whoever
 * sends it may be lost too, and somebody else may write what came of it.
 * @param afterLossMs the delay before this attempt, counted from the beginning of the one before if that was lost:
 *   Temporal cannot know the schedule's, and may come earlier
 * @param mayRepeat it may have been sent before without the log's knowing
 */
export async function beginAttempt(
  db: Queryable,
  deliveryId: string,
  number: number,
  now: Date,
  {
    afterLossMs = 0,
    mayRepeat = false,
  }: { readonly afterLossMs?: number; readonly mayRepeat?: boolean } = {},
): Promise<Beginning> {
  const day = dayOfDelivery(deliveryId);
  const due = new Date(now.getTime() + EARLY_TOLERANCE_MS);
  const [row] = await rowsOf<BeginningRow>(
    db,
    sql`with delivery as (
       select * from deliveries where day = ${day} and id = ${deliveryId} for update
     ), found as (
       select d.*, ev.body, a.name as app_name, a.profile, a.settings, e.id as found_endpoint_id, e.url,
         e.secret, e.headers, e.previous_secrets,
         e.enabled and e.tripped is null and e.paused_at is null as takes_deliveries,
         e.rate_limit is not null or e.max_in_flight is not null as has_limits,
         -- The attempt in the log that has no outcome is the next; without one it is the one after the last.
         ${nextAttempt(day)} as next,
         d.attempt_started_at + ${afterLossMs} * interval '1 millisecond' as after_loss,
         ${mayRepeat} or d.attempt_count = ${number} as may_have_been_sent
       from delivery d
       left join events ev on ev.day = ${day} and ev.app_id = d.app_id and ev.id = d.event_id
       left join apps a on a.id = d.app_id
       left join endpoints e on e.id = d.endpoint_id
     ), judged as (
       select *, case
         when completed_at is not null then 'ended'
         when body is null then 'not_in_log'
         when app_name is null or found_endpoint_id is null then 'endpoint_gone'
         when expires_at <= ${now} then 'expired'
         -- Temporal may ask for the attempt after the next one: it does when the worker of the next one died.
         when ${number} <> next and ${number} <> attempt_count + 1 then 'not_now'
         when next_attempt_at > ${due} then 'not_now'
         when ${number} > next and attempt_count > 0 and after_loss > ${due} then 'too_early'
         when trigger = 'test' then 'begun'
         when not takes_deliveries then 'endpoint_blocked'
         when has_limits and granted_at > ${now}::timestamptz - ${GRANT_LASTS} is not true then 'endpoint_limited'
         else 'begun' end as kind
       from found
     ), lost as (
       ${LOST_ATTEMPTS} from judged
       where kind = 'too_early' or (kind = 'begun' and attempt_count > 0 and attempt_count < ${number})
       on conflict do nothing
     ), postponed as (
       update deliveries d
       set status = 'failed', next_attempt_at = after_loss, last_status_code = null,
         last_error = ${WORKER_LOST}
       from judged where kind = 'too_early' and d.day = ${day} and d.id = judged.id
     ), begun as (
       -- next_attempt_at is kept: upkeep finds attempts that take too long by it.
       update deliveries d
       set status = 'processing', reason = null, held = false, queued = true,
         attempt_count = ${number}, attempt_started_at = ${now}, possibly_repeated = may_have_been_sent,
         granted_at = case when judged.granted_at is not null then ${now}::timestamptz end
       from judged where kind = 'begun' and d.day = ${day} and d.id = judged.id
     )
     select * from judged`,
  );
  return row ? beginningOf(deliveryId, number, row) : { kind: 'not_in_log' };
}

function beginningOf(deliveryId: string, number: number, row: BeginningRow): Beginning {
  switch (row.kind) {
    case 'begun':
      return { kind: 'begun', attempt: begunAttempt(deliveryId, number, row) };
    case 'ended':
      return {
        kind: 'ended',
        status: row.status,
        reason: row.reason,
        attemptCount: row.attemptCount,
        lastStatusCode: row.lastStatusCode,
        delivery: {
          deliveryId,
          trigger: row.trigger,
          appId: row.appId,
          endpointId: row.endpointId,
          eventId: row.eventId,
          eventType: row.eventType,
        },
      };
    case 'too_early':
      return { kind: 'not_now', next: number, at: row.afterLoss, last: WORKER_LOST };
    case 'not_now':
      return { kind: 'not_now', next: row.next, at: row.nextAttemptAt, last: row.lastError };
    case 'endpoint_limited':
      return { kind: 'endpoint_limited', endpointId: row.endpointId };
    case 'endpoint_gone':
      return { kind: 'endpoint_gone', endpointId: row.endpointId };
    case 'endpoint_blocked':
    case 'expired':
    case 'not_in_log':
      return { kind: row.kind };
  }
}

function begunAttempt(deliveryId: string, number: number, row: BeginningRow): BegunAttempt {
  return {
    deliveryId,
    number,
    possiblyRepeated: row.mayHaveBeenSent,
    trigger: row.trigger,
    appId: row.appId,
    appName: row.appName,
    profileId: row.profile,
    eventId: row.eventId,
    eventType: row.eventType,
    body: row.body,
    endpointId: row.endpointId,
    url: row.url,
    secret: row.secret,
    headers: row.headers,
    previousSecrets: row.previousSecrets,
    expiresAt: row.expiresAt,
    settings: settingsOf(row.settings),
  };
}
