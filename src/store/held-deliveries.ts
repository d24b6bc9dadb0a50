import { dayOfDelivery, type Day } from './partitions.js';
import type { Queryable } from './pool.js';

/**
 * Holding is a handshake. Whoever holds reads the endpoint again under its row's lock; whoever enables or deletes
 * it holds that lock for writing. So either the held delivery is seen by the drain that follows, or the endpoint's
 * new state is seen here and nothing is held.
 */

/**
 * Marks a delivery as held because its endpoint takes none now.
 * @returns whether it is held
 */
export async function holdDelivery(db: Queryable, deliveryId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    // The delivery before the endpoint, as everybody who locks both does.
    `with delivery as (
       select endpoint_id from deliveries where day = $1 and id = $2 for update
     ), endpoint as (
       select e.id, e.enabled from delivery join endpoints e on e.id = delivery.endpoint_id for share of e
     )
     update deliveries
     set status = 'pending', reason = 'endpoint_disabled', next_attempt_at = null, held = true,
       hold_count = hold_count + 1
     where day = $1 and id = $2 and completed_at is null and exists (select from endpoint where not enabled)`,
    [dayOfDelivery(deliveryId), deliveryId],
  );
  return rowCount === 1;
}

/** The endpoints of an application for which deliveries are held. */
export async function endpointsThatHold(db: Queryable, appId: string): Promise<string[]> {
  const { rows } = await db.query<{ endpoint_id: string }>(
    'select distinct endpoint_id from deliveries where held and app_id = $1',
    [appId],
  );
  return rows.map((row) => row.endpoint_id);
}

export interface HeldDelivery {
  readonly id: string;
  readonly day: Day;
  readonly workflowId: string;
  /** Which of its waits this is. */
  readonly holdCount: number;
}

/** An endpoint's held deliveries, oldest first, at most `limit`; none while the endpoint takes no deliveries. */
export async function heldDeliveries(
  db: Queryable,
  endpointId: string,
  limit: number,
): Promise<HeldDelivery[]> {
  // A deleted endpoint has no row: its deliveries are released too, and end.
  const { rows: endpoints } = await db.query<{ enabled: boolean }>(
    'select enabled from endpoints where id = $1 for share',
    [endpointId],
  );
  if (endpoints[0]?.enabled === false) return [];
  const { rows } = await db.query<{ id: string; day: string; workflow_id: string; hold_count: number }>(
    `select id, day::text as day, workflow_id, hold_count from deliveries
     where endpoint_id = $1 and held order by created_at, id limit $2`,
    [endpointId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    day: row.day,
    workflowId: row.workflow_id,
    holdCount: row.hold_count,
  }));
}

/** Takes deliveries off the list of the held ones; those that are held again meanwhile stay on it. */
export async function markReleased(db: Queryable, held: readonly HeldDelivery[]): Promise<void> {
  await db.query(
    `update deliveries d
     set held = false, reason = case when d.completed_at is null then null else d.reason end
     from unnest($1::date[], $2::uuid[], $3::int[]) as released (day, id, hold_count)
     where d.day = released.day and d.id = released.id and d.hold_count = released.hold_count and d.held`,
    [held.map(({ day }) => day), held.map(({ id }) => id), held.map(({ holdCount }) => holdCount)],
  );
}
