import type { Queryable } from '../database/pool.js';
import { join, raw, sql } from '../database/sql.js';
import type { Minutes } from './minutes.js';

/** What the tables of minutes, and those of hours, have besides the application and the start. */
const SUMMED = [
  { what: 'event', by: ['event_type'], counts: ['events'] },
  { what: 'delivery', by: ['endpoint_id', 'event_type'], counts: ['events'] },
  {
    what: 'attempt',
    by: ['endpoint_id', 'event_type', 'latency'],
    counts: ['attempts', 'retried', 'delivered', 'failed'],
  },
] as const;

/** Sums whole UTC hours anew from their minutes. In a transaction that is the only one to do so. */
export async function computeHours(db: Queryable, { from, to }: Minutes): Promise<void> {
  const within = sql`start >= ${from} and start < ${to}`;
  for (const { what, by, counts } of SUMMED) {
    const names = raw(by.join(', '));
    const sums = join(counts.map((count) => sql`sum(${raw(count)})`));
    await db.query(sql`delete from ${raw(`${what}_hours`)} where ${within}`);
    await db.query(
      sql`insert into ${raw(`${what}_hours`)} (app_id, start, ${names}, ${raw(counts.join(', '))})
       select app_id, date_trunc('hour', start, 'UTC'), ${names}, ${sums}
       from ${raw(`${what}_minutes`)} where ${within} group by app_id, 2, ${names}`,
    );
  }
}
