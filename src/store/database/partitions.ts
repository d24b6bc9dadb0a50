import { type Day, dayAfter, dayOf } from '../../domain/day.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../lib/errors.js';
import { isInTheWay, LOCK_TIMEOUT_MS } from './locks.js';
import { inTransaction, type Pool, type Queryable } from './pool.js';
import { raw, rowsOf, sql, type Sql } from './sql.js';

/** The tables of the log, all partitioned by the day of the event. */
export const PARTITIONED_TABLES = ['events', 'deliveries', 'attempts'] as const;
type PartitionedTable = (typeof PARTITIONED_TABLES)[number];
const PARTITION_LOCK = 7_081_543;
/** The name of a table's partition. */
export function partitionOf(table: PartitionedTable, day: Day): string {
  return `${table}_${day.replaceAll('-', '')}`;
}

/** The day of a partition, by its name. */
export function dayOfPartition(name: string): Day {
  return name.slice(-8).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
}

/**
 * How full pages become with new rows, in percent. A delivery is changed soon after it is made: where its page has
 * room for that, no index is written again.
 */
const FILL = { events: 100, deliveries: 50, attempts: 100 } as const;

/** How often a lock is tried again. */
const TRIES = 5;
const PAUSE_MS = 250;

/**
 * Makes the partitions of the days from `from` on, those that are missing: one table in a transaction, so that what
 * is made stays made. Safe from any number of processes; where nothing is missing, no lock is taken.
 */
export async function ensurePartitions(pool: Pool, from: Date, days: number): Promise<void> {
  for (const { table, day } of await missingPartitions(pool, from, days)) {
    for (let tries = 1; ; tries += 1) {
      try {
        await inTransaction(pool, (client) => makePartition(client, table, day));
        break;
      } catch (error) {
        if (!isInTheWay(error) || tries === TRIES) throw error;
        await sleep(PAUSE_MS * (0.5 + Math.random()));
      }
    }
  }
}

/** The partitions that the days from `from` on lack. */
export async function missingPartitions(
  db: Queryable,
  from: Date,
  days: number,
): Promise<{ table: PartitionedTable; day: Day }[]> {
  const wanted = Array.from({ length: days }, (_, n) => dayAfter(dayOf(from), n)).flatMap((day) =>
    PARTITIONED_TABLES.map((table) => ({ table, day })),
  );
  const there = new Set(await partitionsOf(db, PARTITIONED_TABLES));
  return wanted.filter(({ table, day }) => !there.has(partitionOf(table, day)));
}

/**
 * `create table … partition of` would take the parent's ACCESS EXCLUSIVE lock: it waits behind whoever reads the log (a
 * backup), and every delivery waits behind it. Attaching a table that stands alone takes SHARE UPDATE EXCLUSIVE, which
 * neither reading nor writing waits for.
 */
async function makePartition(client: Queryable, table: PartitionedTable, day: Day): Promise<void> {
  await client.query(raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`));
  await client.query(sql`select pg_advisory_xact_lock(${PARTITION_LOCK})`);
  const partition = partitionOf(table, day);
  // Another process was faster.
  if ((await partitionsOf(client, [table])).includes(partition)) return;
  await client.query(
    raw(`create table ${partition} (like ${table} including all) with (fillfactor = ${FILL[table]})`),
  );
  await client.query(
    raw(
      `alter table ${table} attach partition ${partition} for values from ('${day}') to ('${dayAfter(day)}')`,
    ),
  );
}

/** The names of all partitions of the tables: from the catalogue, without a lock. */
async function partitionsOf(db: Queryable, tables: readonly PartitionedTable[]): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    db,
    sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = any (${tables}::regclass[])`,
  );
  return rows.map(({ name }) => name);
}

/** The days that have a partition, oldest first. */
export async function daysOfLog(db: Queryable): Promise<Day[]> {
  const partitions = await partitionsOf(db, PARTITIONED_TABLES);
  return [...new Set(partitions.map(dayOfPartition))].sort();
}

/** Whether a write failed because its day has no partition yet. */
export function isMissingPartition(error: unknown): boolean {
  const { routine } = error as { routine?: string };
  return errorCode(error) === '23514' && routine === 'ExecFindPartition';
}

/** With the number of a day, what those lock who drop it, and, shared, those who add deliveries to it. */
export const DAY_LOCK = 7_081_545;
/** The number of a day. */
export const dayNumber = (day: Day | Sql) => sql`(${day}::date - date '2000-01-01')`;

/** A day that is being looked through before it is dropped may take longer: then this is tried again later. */
const HOLD_TIMEOUT_MS = 2_000;

/**
 * Keeps days from being dropped until the transaction ends. Whoever adds a delivery to a day that may be old does it
 * after this; the day may be gone when it returns.
 */
export async function holdDays(db: Queryable, days: readonly Day[]): Promise<void> {
  await db.query(raw(`set local lock_timeout = ${HOLD_TIMEOUT_MS}`));
  await db.query(
    sql`select pg_advisory_xact_lock_shared(${DAY_LOCK}, ${dayNumber(raw('day'))})
     from (select distinct unnest(${days}::date[]) as day order by day) days`,
  );
}
