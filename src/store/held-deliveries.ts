import type { Day } from './partitions.js';
import type { Queryable } from './pool.js';

export interface HeldDelivery {
  readonly id: string;
  readonly day: Day;
  readonly workflowId: string;
}

/** Deliveries that wait for their endpoint, which is enabled now: oldest first, at most `limit`. */
export async function heldDeliveries(
  db: Queryable,
  endpointId: string,
  limit: number,
): Promise<HeldDelivery[]> {
  const { rows } = await db.query<{ id: string; day: string; workflow_id: string }>(
    `select d.id, d.day::text as day, d.workflow_id from deliveries d
     join endpoints e on e.id = d.endpoint_id and e.enabled
     where d.endpoint_id = $1 and d.status = 'pending' and d.reason = 'endpoint_disabled'
     order by d.created_at, d.id limit $2`,
    [endpointId, limit],
  );
  return rows.map((row) => ({ id: row.id, day: row.day, workflowId: row.workflow_id }));
}

/** Takes deliveries off the list of the held ones; those that have gone on meanwhile stay as they are. */
export async function markReleased(db: Queryable, held: readonly HeldDelivery[]): Promise<void> {
  await db.query(
    `update deliveries set reason = null from unnest($1::date[], $2::uuid[]) as held (day, id)
     where deliveries.day = held.day and deliveries.id = held.id and status = 'pending'
       and reason = 'endpoint_disabled'`,
    [held.map(({ day }) => day), held.map(({ id }) => id)],
  );
}
