import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/**
 * Deletions leave the ids of what was deleted, for good: some 60 bytes each. So an application or endpoint that is not
 * there was either deleted, or is not known to a database that was restored to a moment before it was made.
 */

/** Whether an application or an endpoint was deleted; not when the log does not know it. */
export async function isRemoved(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`select from removed_ids where id = ${id}`);
  return rowCount === 1;
}

/** For the deletion of an application that a restored database has forgotten, and that is carried out nevertheless. */
export async function markRemoved(db: Queryable, id: string): Promise<void> {
  await db.query(sql`insert into removed_ids (id, data_left) values (${id}, true) on conflict do nothing`);
}

/** Nothing of the deleted application is left. */
export async function markCleared(db: Queryable, id: string): Promise<void> {
  await db.query(sql`update removed_ids set data_left = false where id = ${id} and data_left`);
}

/** Deleted applications whose data are still being removed, in the order of their ids, after one. */
export async function removalsUnderWay(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`select id from removed_ids where data_left and (${after}::uuid is null or id > ${after})
     order by id limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}
