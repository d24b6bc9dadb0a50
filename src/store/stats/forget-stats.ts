import type { Queryable } from '../database/pool.js';
import { raw, sql, type Sql } from '../database/sql.js';

const TABLES = ['event', 'delivery', 'attempt'].flatMap((what) => [`${what}_minutes`, `${what}_hours`]);
/** Rows deleted per statement. */
const ROWS_AT_ONCE = 5_000;

/** Forgets the statistics of before `end`. */
export async function forgetStatsBefore(db: Queryable, end: Date, signal?: AbortSignal): Promise<void> {
  let deleted = ROWS_AT_ONCE;
  while (deleted >= ROWS_AT_ONCE && signal?.aborted !== true) {
    deleted = await forgetSome(db, sql`start < ${end}`, ROWS_AT_ONCE);
  }
}

/**
 * Forgets statistics of an application, at most so many rows of each table.
 * @returns how many; 0: there are none left
 */
export async function forgetStatsOf(db: Queryable, appId: string, limit: number): Promise<number> {
  return forgetSome(db, sql`app_id = ${appId}`, limit);
}

/** @returns how many rows went, of the table that lost the most */
async function forgetSome(db: Queryable, which: Sql, limit: number): Promise<number> {
  let most = 0;
  for (const table of TABLES) {
    const { rowCount } = await db.query(
      sql`delete from ${raw(table)}
       where ctid = any (array(select ctid from ${raw(table)} where ${which} limit ${limit} for update skip locked))`,
    );
    most = Math.max(most, rowCount ?? 0);
  }
  return most;
}
