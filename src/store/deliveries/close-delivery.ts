import { countedOnly, type HealthRule } from '../../domain/health-rule.js';
import type { FinalReason, DeliveryTrigger } from '../../domain/delivery.js';
import {
  countedIn,
  healthChange,
  ruleValues,
  type HealthChange,
  type HealthRow,
} from '../endpoints/health.js';
import { LOST_ATTEMPTS, unknownOutcome, WORKER_LOST } from '../attempts/lost-attempts.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';

/** What is known of a delivery when it has ended. */
export interface EndedDelivery {
  readonly deliveryId: string;
  readonly trigger: DeliveryTrigger;
  readonly appId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly eventType: string;
}

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
  const { rows: counted } = await db.query<HealthRow>(
    `with open as (
       select d.*, ${unknownOutcome('$1')} as unknown_outcome
       from deliveries d
       where day = $1 and id = $2 and completed_at is null and attempt_count >= $6 for update
     ), lost as (
       ${LOST_ATTEMPTS} from open where unknown_outcome on conflict do nothing
     ), closed as (
       update deliveries d
       set status = 'failed', reason = $3, next_attempt_at = null, held = false, granted_at = null,
         completed_at = $4,
         last_status_code = case when unknown_outcome then null else d.last_status_code end,
         last_error = case when unknown_outcome then $5 else d.last_error end
       from open where d.day = $1 and d.id = open.id
       returning d.endpoint_id, d.status, d.reason, d.completed_at, d.trigger
     )
     ${countedIn('closed', ['$7', '$8', '$9'])}`,
    [day, deliveryId, reason, now, WORKER_LOST, lost, ...ruleValues(rule, null)],
  );
  const { rows } = await db.query<
    EndedRow & {
      status: 'delivered' | 'failed';
      reason: FinalReason | null;
      attempt_count: number;
      last_status_code: number | null;
      completed: boolean;
    }
  >(
    `select ${ENDED}, status, reason, attempt_count, last_status_code, completed_at is not null as completed
     from deliveries where day = $1 and id = $2`,
    [day, deliveryId],
  );
  const [row] = rows;
  if (!row) return null;
  const standing: Standing = {
    status: row.completed ? row.status : null,
    reason: row.reason,
    attemptCount: row.attempt_count,
    lastStatusCode: row.last_status_code,
  };
  return { delivery: endedDelivery(row), standing, change: healthChange(counted[0]) };
}

interface EndedRow {
  id: string;
  trigger: DeliveryTrigger;
  app_id: string;
  endpoint_id: string;
  event_id: string;
  event_type: string;
}

const ENDED = 'id, trigger, app_id, endpoint_id, event_id, event_type';

/** A delivery that has ended, and how; null while it is open, or when there is none. */
export async function findEnding(
  db: Queryable,
  deliveryId: string,
): Promise<{ delivery: EndedDelivery; status: 'delivered' | 'failed' } | null> {
  const { rows } = await db.query<EndedRow & { status: 'delivered' | 'failed' }>(
    `select ${ENDED}, status from deliveries where day = $1 and id = $2 and completed_at is not null`,
    [dayOfDelivery(deliveryId), deliveryId],
  );
  return rows[0] ? { delivery: endedDelivery(rows[0]), status: rows[0].status } : null;
}

function endedDelivery(row: EndedRow): EndedDelivery {
  return {
    deliveryId: row.id,
    trigger: row.trigger,
    appId: row.app_id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.event_type,
  };
}
