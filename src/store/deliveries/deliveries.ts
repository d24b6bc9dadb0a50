import type { Delivery, DeliveryTrigger } from '../../domain/delivery.js';
import { acceptedAtOf, dayOfDelivery } from '../../domain/delivery-id.js';
import { dayOf, type Day } from '../../domain/day.js';
import type { PreviousSecret } from '../../domain/endpoint.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** The columns of the deliveries `d`, for `toDelivery`. */
export const DELIVERY_COLUMNS = sql`d.id, d.day::text as day, d.app_id, d.event_id, d.event_type, d.endpoint_id,
  d.trigger, d.workflow_id, d.job_id, d.status, d.reason, d.attempt_count, d.attempt_started_at, d.next_attempt_at,
  case when d.held then d.held_at end as held_at,
  case when d.held then d.hold_ends_at end as hold_ends_at, d.last_status_code, d.last_error, d.created_at, d.expires_at, d.completed_at,
  d.schedule`;

export async function findDelivery(db: Queryable, appId: string, id: string): Promise<Delivery | null> {
  const acceptedAt = acceptedAtOf(id);
  if (!acceptedAt) return null;
  const [row] = await rowsOf<Delivery>(
    db,
    sql`select ${DELIVERY_COLUMNS} from deliveries d
     where d.day = ${dayOf(acceptedAt)} and d.id = ${id} and d.app_id = ${appId}`,
  );
  return row ? toDelivery(row) : null;
}

/** Whether there is a delivery with this id. */
export async function isDeliveryKnown(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`select from deliveries where day = ${dayOfDelivery(id)} and id = ${id}`,
  );
  return rowCount === 1;
}

/** The deliveries that one workflow made, oldest first. */
export async function deliveriesOfWorkflow(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
  workflowId: string,
): Promise<Delivery[]> {
  const rows = await rowsOf<Delivery>(
    db,
    sql`select ${DELIVERY_COLUMNS} from deliveries d
     where d.day = ${event.day} and d.app_id = ${event.appId} and d.event_id = ${event.id} and d.workflow_id = ${workflowId}
     order by d.id`,
  );
  return rows.map(toDelivery);
}

/** An event's newest deliveries, at most `limit`, the oldest of them first, and how many it has. */
export async function newestDeliveriesOfEvent(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
  limit: number,
): Promise<{ deliveries: Delivery[]; total: number }> {
  const rows = await rowsOf<Delivery & { readonly total: number }>(
    db,
    sql`select ${DELIVERY_COLUMNS}, count(*) over ()::int as total from deliveries d
     where d.day = ${event.day} and d.app_id = ${event.appId} and d.event_id = ${event.id}
     order by d.created_at desc, d.id desc limit ${limit}`,
  );
  const deliveries = rows.map(({ total: _, ...row }) => toDelivery(row)).reverse();
  return { deliveries, total: rows[0]?.total ?? 0 };
}

/** The endpoints that an event was opened for, and whether it is a test of one of them. */
export async function endpointsOfOpening(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
): Promise<{ readonly endpointIds: ReadonlySet<string>; readonly isTest: boolean }> {
  const rows = await rowsOf<{ endpointId: string; trigger: DeliveryTrigger }>(
    db,
    sql`select distinct endpoint_id, trigger from deliveries
     where day = ${event.day} and app_id = ${event.appId} and event_id = ${event.id}
       and trigger in ('event', 'test', 'operational')`,
  );
  return {
    endpointIds: new Set(rows.map(({ endpointId }) => endpointId)),
    isTest: rows.some(({ trigger }) => trigger === 'test'),
  };
}

/** The event's deliveries that have not ended, with their workflows and times of creation. */
export async function openDeliveriesOfEvent(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
): Promise<Pick<Delivery, 'workflowId' | 'createdAt' | 'completedAt'>[]> {
  return rowsOf(
    db,
    sql`select workflow_id, max(created_at) as created_at, null as completed_at from deliveries
     where day = ${event.day} and app_id = ${event.appId} and event_id = ${event.id} and completed_at is null
     group by workflow_id`,
  );
}

/** How often an event was resent, up to `most`. One resend may have made several deliveries. */
export async function countResends(
  db: Queryable,
  event: { day: Day; appId: string; id: string },
  most: number,
): Promise<number> {
  const rows = await rowsOf<{ resends: number }>(
    db,
    sql`select count(*)::int as resends from (
       select distinct workflow_id from deliveries
       where day = ${event.day} and app_id = ${event.appId} and event_id = ${event.id} and trigger = 'resend' limit ${most}
     ) resend`,
  );
  return onlyRow(rows).resends;
}

/** A row of `DELIVERY_COLUMNS` as the delivery that it shows. */
export function toDelivery(row: Delivery): Delivery {
  // The log keeps when what is queued or under way was due, too: for those who look after it.
  const waits = row.status === 'failed' || row.reason === 'scheduled';
  return waits ? row : { ...row, nextAttemptAt: null };
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
  const [row] = await rowsOf<SealedEndpoint & { readonly isThere: boolean }>(
    db,
    sql`select d.endpoint_id, e.id is not null as is_there, e.secret, e.headers, e.previous_secrets
     from deliveries d left join endpoints e on e.id = d.endpoint_id
     where d.day = ${dayOfDelivery(deliveryId)} and d.id = ${deliveryId}`,
  );
  if (!row) return null;
  const { isThere, ...sealed } = row;
  return { endpointId: row.endpointId, sealed: isThere ? sealed : null };
}
