import type { Queryable } from '../database/pool.js';

/**
 * Deletions leave the ids of what was deleted, for good: some 60 bytes each. So an application or endpoint that is not
 * there was either deleted, or is not known to a database that was restored to a moment before it was made.
 */

/** Whether an application or an endpoint was deleted; not when the log does not know it. */
export async function isRemoved(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('select from removed_ids where id = $1', [id]);
  return rowCount === 1;
}

/** For a deletion that a restored database has forgotten, and that is carried out nevertheless. */
export async function markRemoved(db: Queryable, id: string): Promise<void> {
  await db.query('insert into removed_ids (id) values ($1) on conflict do nothing', [id]);
}
