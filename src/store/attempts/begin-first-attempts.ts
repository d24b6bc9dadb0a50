import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/**
 * Marks first attempts as begun, before anything is sent: of deliveries of one day that have just been opened, while
 * their application and its endpoints are as they were then.
 * @param routesVersion what they were opened by: see `Routes`
 * @returns the ids of those that were still to be begun
 */
export async function beginFirstAttempts(
  db: Queryable,
  deliveryIds: readonly [string, ...string[]],
  routesVersion: string,
  now: Date,
): Promise<Set<string>> {
  const day = dayOfDelivery(deliveryIds[0]);
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`with open as (
       select d.id from deliveries d join app_routes r on r.app_id = d.app_id and r.version = ${routesVersion}
       where d.day = ${day} and d.id = any (${deliveryIds}::uuid[]) and d.status = 'pending' and d.attempt_count = 0
         and not d.held
       order by d.id for update of d
     )
     update deliveries d set status = 'processing', attempt_count = 1, attempt_started_at = ${now}
     from open where d.day = ${day} and d.id = open.id
     returning d.id`,
  );
  return new Set(rows.map(({ id }) => id));
}
