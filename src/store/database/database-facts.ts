import { readdir } from 'node:fs/promises';
import { dayOf, type Day } from '../../domain/day.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrate.js';
import { daysOfLog, missingPartitions } from './partitions.js';
import { onlyRow, type Queryable } from './pool.js';
import { raw, rowsOf, sql } from './sql.js';

/** What an operator wants to know of PostgreSQL. */
export interface DatabaseFacts {
  readonly version: string;
  /** Of one statement, in milliseconds. */
  readonly latencyMs: number;
  readonly migrationsApplied: number;
  /** Those that this version of Posthorn has. */
  readonly migrationsKnown: number;
  /** How far this host's clock is ahead of PostgreSQL's, in milliseconds. */
  readonly clockAheadMs: number;
  readonly oldestDay: Day | null;
  /** Partitions that the next days lack. */
  readonly partitionsMissing: number;
  readonly endpointsDisabled: number;
}

/** Days ahead, today's included, whose partitions have to be there. */
const DAYS_AHEAD = 2;

export async function databaseFacts(db: Queryable): Promise<DatabaseFacts> {
  const askedAt = performance.now();
  const [server] = await rowsOf<{ version: string; ms: number }>(
    db,
    sql`select current_setting('server_version') as version, extract(epoch from clock_timestamp())::float8 * 1000 as ms`,
  );
  const latencyMs = performance.now() - askedAt;
  const hostMs = Date.now() - latencyMs / 2;
  const counts = await rowsOf<{ applied: number; disabled: number }>(
    db,
    sql`select (select count(*)::int from ${raw(MIGRATIONS_TABLE)}) as applied,
       (select count(*)::int from endpoints where not enabled) as disabled`,
  );
  const { applied, disabled } = onlyRow(counts);
  const now = new Date(server?.ms ?? hostMs);
  const [oldestDay = null] = await daysOfLog(db);
  return {
    version: server?.version ?? '',
    latencyMs,
    migrationsApplied: applied,
    migrationsKnown: (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).length,
    clockAheadMs: hostMs - now.getTime(),
    oldestDay: oldestDay === null ? null : dayOf(new Date(oldestDay)),
    partitionsMissing: (await missingPartitions(db, now, DAYS_AHEAD)).length,
    endpointsDisabled: disabled,
  };
}
