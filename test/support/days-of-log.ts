import pg from 'pg';
import pino from 'pino';
import { missingPartitions, partitionOf, PARTITIONED_TABLES } from '../../src/store/database/partitions.js';
import { DAY_MS, dayOf } from '../../src/domain/day.js';
import { createPool } from '../../src/store/database/pool.js';

/** The last of the days that a process makes partitions for, ahead of time. */
export const lastDayAhead = () => dayOf(new Date(Date.now() + 6 * DAY_MS));

/** Drops a day's partitions, whatever is in them. */
export async function dropDay(databaseUrl: string, day: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`drop table ${PARTITIONED_TABLES.map((table) => partitionOf(table, day)).join(', ')}`);
  await client.end();
}

/** The partitions that a day lacks. */
export async function lacks(databaseUrl: string, day: string) {
  const pool = createPool({ databaseUrl, connections: 1, logger: pino({ level: 'silent' }) });
  const missing = await missingPartitions(pool, new Date(day), 1);
  await pool.end();
  return missing;
}
