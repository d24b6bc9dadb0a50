import { countedOnly, type HealthRule } from '../../domain/health-rule.js';
import type { FinalReason, DeliveryTrigger } from '../../domain/delivery.js';
import { countedIn, healthChange, type HealthChange, type HealthRow } from '../endpoints/health.js';
import { LOST_ATTEMPTS, unknownOutcome, WORKER_LOST } from '../attempts/lost-attempts.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** What is known of a delivery when it has ended. */
export interface EndedDelivery {
  readonly deliveryId: string;
  readonly trigger: DeliveryTrigger;
  readonly appId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly eventType: string;
}

/**
 * The start of a part of a statement that ends deliveries without an attempt: `… from <deliveries>)` follows. Statistics
 * find them by it.
 */
export const CLOSING = sql`closing as (
  insert into closings (closed_at, day, delivery_id) select completed_at, day, id`;

/** How a delivery stands after a wish to close it. */
export interface Standing {
  /** Null while it is open. */
  readonly status: 'delivered' | 'failed' | null;
  readonly reason: FinalReason | null;
  readonly attemptCount: number;
  readonly lastStatusCode: number | null;
}

/** A delivery after the wish to close it, and how that moved its endpoint's health. */
export interface ClosedDelivery {
  readonly delivery: EndedDelivery;
  readonly standing: Standing;
  readonly change: HealthChange | null;
}

/**
 * Ends a delivery that no attempt ended: cancelled, its endpoint deleted, or its last attempt lost. An attempt
 * that left no outcome is marked as lost. A delivery that has ended already stays as it is, and so does one that
 * is to be ended because attempt `lost` was lost, while fewer attempts than that were begun.
 * @returns how it stands, and how that moved its endpoint's health; null when there is no such delivery
 */
export async function closeDelivery(
  db: Queryable,
  deliveryId: string,
  reason: FinalReason,
  now: Date,
  { lost = 0, rule = countedOnly }: { readonly lost?: number; readonly rule?: HealthRule } = {},
): Promise<ClosedDelivery | null> {
  const day = dayOfDelivery(deliveryId);
  const counted = await rowsOf<HealthRow>(
    db,
    sql`with open as (
       select d.*, ${unknownOutcome(day)} as unknown_outcome
       from deliveries d
       where day = ${day} and id = ${deliveryId} and completed_at is null and attempt_count >= ${lost} for update
     ), lost as (
       ${LOST_ATTEMPTS} from open where unknown_outcome on conflict do nothing
     ), closed as (
       update deliveries d
       set status = 'failed', reason = ${reason}, next_attempt_at = null, held = false, granted_at = null,
         completed_at = ${now},
         last_status_code = case when unknown_outcome then null else d.last_status_code end,
         last_error = case when unknown_outcome then ${WORKER_LOST} else d.last_error end
       from open where d.day = ${day} and d.id = open.id
       returning d.day, d.id, d.endpoint_id, d.status, d.reason, d.completed_at, d.trigger
     ), ${CLOSING} from closed)
     ${countedIn(sql`closed`, rule, null)}`,
  );
  const [row] = await rowsOf<
    EndedDelivery &
      Omit<Standing, 'status'> & { readonly status: 'delivered' | 'failed'; readonly hasEnded: boolean }
  >(
    db,
    sql`select ${ENDED}, status, reason, attempt_count, last_status_code, completed_at is not null as has_ended
     from deliveries where day = ${day} and id = ${deliveryId}`,
  );
  if (!row) return null;
  const { status, hasEnded, reason: stored, attemptCount, lastStatusCode, ...delivery } = row;
  const standing: Standing = {
    status: hasEnded ? status : null,
    reason: stored,
    attemptCount,
    lastStatusCode,
  };
  return { delivery, standing, change: healthChange(counted[0]) };
}

const ENDED = sql`id as delivery_id, trigger, app_id, endpoint_id, event_id, event_type`;

/** A delivery that has ended, and how; null while it is open, or when there is none. */
export async function findEnding(
  db: Queryable,
  deliveryId: string,
): Promise<{ delivery: EndedDelivery; status: 'delivered' | 'failed' } | null> {
  const [row] = await rowsOf<EndedDelivery & { readonly status: 'delivered' | 'failed' }>(
    db,
    sql`select ${ENDED}, status from deliveries
     where day = ${dayOfDelivery(deliveryId)} and id = ${deliveryId} and completed_at is not null`,
  );
  if (!row) return null;
  const { status, ...delivery } = row;
  return { delivery, status };
}
