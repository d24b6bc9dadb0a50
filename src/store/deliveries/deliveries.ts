import type { DeliveryTrigger, DeliveryStatus, DeliveryReason, Delivery } from '../../domain/delivery.js';
import { acceptedAtOf, dayOfDelivery } from '../../domain/delivery-id.js';
import { dayOf, type Day } from '../../domain/day.js';
import type { PreviousSecret } from '../../domain/endpoint.js';
import { onlyRow, type Queryable } from '../database/pool.js';

/** A row of `DELIVERY_COLUMNS`. */
export interface DeliveryRow {
  id: string;
  day: string;
  app_id: string;
  event_id: string;
  event_type: string;
  endpoint_id: string;
  trigger: DeliveryTrigger;
  workflow_id: string;
  job_id: string | null;
  status: DeliveryStatus;
  reason: DeliveryReason | null;
  attempt_count: number;
  attempt_started_at: Date | null;
  next_attempt_at: Date | null;
  last_status_code: number | null;
  last_error: string | null;
  created_at: Date;
  completed_at: Date | null;
}

/** The columns of the deliveries `d`. */
export const DELIVERY_COLUMNS = `d.id, d.day::text as day, d.app_id, d.event_id, d.event_type, d.endpoint_id, d.trigger,
  d.workflow_id, d.job_id, d.status, d.reason, d.attempt_count, d.attempt_started_at, d.next_attempt_at, d.last_status_code,
  d.last_error, d.created_at, d.completed_at`;

export async function findDelivery(db: Queryable, appId: string, id: string): Promise<Delivery | null> {
  const acceptedAt = acceptedAtOf(id);
  if (!acceptedAt) return null;
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from deliveries d where d.day = $1 and d.id = $2 and d.app_id = $3`,
    [dayOf(acceptedAt), id, appId],
  );
  return rows[0] ? toDelivery(rows[0]) : null;
}

/** Whether there is a delivery with this id. */
export async function isDeliveryKnown(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('select from deliveries where day = $1 and id = $2', [
    dayOfDelivery(id),
    id,
  ]);
  return rowCount === 1;
}

/** The deliveries that one workflow made, oldest first. */
export async function deliveriesOfWorkflow(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
  workflowId: string,
): Promise<Delivery[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from deliveries d
     where d.day = $1 and d.app_id = $2 and d.event_id = $3 and d.workflow_id = $4 order by d.id`,
    [event.day, event.appId, event.id, workflowId],
  );
  return rows.map(toDelivery);
}

/** An event's newest deliveries, at most `limit`, the oldest of them first, and how many it has. */
export async function newestDeliveriesOfEvent(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
  limit: number,
): Promise<{ deliveries: Delivery[]; total: number }> {
  const { rows } = await db.query<DeliveryRow & { total: number }>(
    `select ${DELIVERY_COLUMNS}, count(*) over ()::int as total from deliveries d
     where d.day = $1 and d.app_id = $2 and d.event_id = $3 order by d.created_at desc, d.id desc limit $4`,
    [event.day, event.appId, event.id, limit],
  );
  return { deliveries: rows.map(toDelivery).reverse(), total: rows[0]?.total ?? 0 };
}

/** The event's deliveries that have not ended, with their workflows and times of creation. */
export async function openDeliveriesOfEvent(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
): Promise<Pick<Delivery, 'workflowId' | 'createdAt' | 'completedAt'>[]> {
  const { rows } = await db.query<{ workflow_id: string; created_at: Date }>(
    `select workflow_id, max(created_at) as created_at from deliveries
     where day = $1 and app_id = $2 and event_id = $3 and completed_at is null group by workflow_id`,
    [event.day, event.appId, event.id],
  );
  return rows.map((row) => ({ workflowId: row.workflow_id, createdAt: row.created_at, completedAt: null }));
}

/** How often an event was resent, up to `most`. One resend may have made several deliveries. */
export async function countResends(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
  most: number,
): Promise<number> {
  const { rows } = await db.query<{ resends: number }>(
    `select count(*)::int as resends from (
       select distinct workflow_id from deliveries
       where day = $1 and app_id = $2 and event_id = $3 and trigger = 'resend' limit $4
     ) resend`,
    [event.day, event.appId, event.id, most],
  );
  return onlyRow(rows).resends;
}

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    day: row.day,
    appId: row.app_id,
    eventId: row.event_id,
    eventType: row.event_type,
    endpointId: row.endpoint_id,
    trigger: row.trigger,
    workflowId: row.workflow_id,
    jobId: row.job_id,
    status: row.status,
    reason: row.reason,
    attemptCount: row.attempt_count,
    attemptStartedAt: row.attempt_started_at,
    // The log keeps when what is queued or under way was due, too: for those who look after it.
    nextAttemptAt: row.status === 'failed' || row.reason === 'scheduled' ? row.next_attempt_at : null,
    lastStatusCode: row.last_status_code,
    lastError: row.last_error,
    createdAt: row.created_at,
    completedAt: row.completed_at,
  };
}

/** The encrypted values of an endpoint. */
export interface SealedEndpoint {
  readonly endpointId: string;
  readonly secret: Buffer | null;
  readonly headers: Buffer | null;
  readonly previousSecrets: readonly PreviousSecret[];
}

/** The endpoint of a delivery, with what is sealed of it where it is there; null when there is no such delivery. */
export async function findSealedOf(
  db: Queryable,
  deliveryId: string,
): Promise<{ endpointId: string; sealed: SealedEndpoint | null } | null> {
  const { rows } = await db.query<{
    endpoint_id: string;
    is_there: boolean;
    secret: Buffer | null;
    headers: Buffer | null;
    previous_secrets: PreviousSecret[];
  }>(
    `select d.endpoint_id, e.id is not null as is_there, e.secret, e.headers, e.previous_secrets
     from deliveries d left join endpoints e on e.id = d.endpoint_id
     where d.day = $1 and d.id = $2`,
    [dayOfDelivery(deliveryId), deliveryId],
  );
  const [row] = rows;
  if (!row) return null;
  const { endpoint_id: endpointId, secret, headers, previous_secrets: previousSecrets } = row;
  return { endpointId, sealed: row.is_there ? { endpointId, secret, headers, previousSecrets } : null };
}
