import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../lib/errors.js';
import { DAY_MS, dayOf, type Day } from '../../domain/day.js';
import { QUERY_CANCELED } from '../database/errors.js';
import { isInTheWay, LOCK_TIMEOUT_MS } from '../database/locks.js';
import {
  DAY_LOCK,
  dayNumber,
  dayOfPartition,
  daysOfLog,
  PARTITIONED_TABLES,
  partitionOf,
} from '../database/partitions.js';
import { inTransaction, onlyRow, type Pool, type Queryable } from '../database/pool.js';
import { raw, rowsOf, sql } from '../database/sql.js';

/** What is kept is counted back from `now`, in days that have passed since an event was accepted. */
export interface Retention {
  readonly now: Date;
  readonly retentionDays: number;
}

/** The oldest day that may still have an event younger than the given number of days. Earlier days have expired. */
export function oldestKept(now: Date, days: number): Day {
  return dayOf(new Date(now.getTime() - days * DAY_MS));
}

/**
 * Whether the log has dropped a day, and not lost what it had of it: the day has expired, or is older than any that the
 * log has. In a log that was restored, days are missing in between at most.
 */
export async function isDropped(
  db: Queryable,
  day: Day,
  { now, retentionDays }: Retention,
): Promise<boolean> {
  if (day < oldestKept(now, retentionDays)) return true;
  const rows = await rowsOf<{ oldest: string | null }>(
    db,
    sql`select min(c.relname) as oldest from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'deliveries'::regclass`,
  );
  const { oldest } = onlyRow(rows);
  return oldest !== null && day < dayOfPartition(oldest);
}

/** Ids of events are kept this many times as long as the events. */
export const IDS_OUTLIVE_EVENTS = 2;

/** What was done with the expired days. */
export interface DroppedDays {
  readonly dropped: readonly Day[];
  /** They stay until their last delivery has ended. */
  readonly kept: readonly { readonly day: Day; readonly open: number }[];
  /** Somebody else was at them for too long, or looking through them took too long: next time. */
  readonly busy: readonly Day[];
}

/**
 * Drops the days of the log whose events are all older than the retention, the three tables of a day together, and
 * never one with an open delivery. Safe from any number of processes.
 */
export async function dropExpiredDays(
  pool: Pool,
  { now, retentionDays }: Retention,
  signal?: AbortSignal,
): Promise<DroppedDays> {
  const dropped: Day[] = [];
  const kept: { day: Day; open: number }[] = [];
  const busy: Day[] = [];
  const end = oldestKept(now, retentionDays);
  // All days share these tables: after one long wait, do not make others wait for another day.
  let inUse = false;
  for (const day of (await daysOfLog(pool)).filter((each) => each < end)) {
    if (signal?.aborted) break;
    const open: Outcome = inUse ? 'in use' : await dropUnlessBusy(pool, day, signal);
    inUse = open === 'in use';
    if (typeof open === 'string') busy.push(day);
    else if (open > 0) kept.push({ day, open });
    else dropped.push(day);
  }
  return { dropped, kept, busy };
}

/** For each table: while we wait for the lock, everyone else waits behind us, so this is shorter than their timeouts. */
const DROP_LOCK_TIMEOUT_MS = LOCK_TIMEOUT_MS / 3;
/** Dropping takes some milliseconds, during which nothing can be recorded. */
const DROP_TIMEOUT_MS = 2_000;
/** The check for open deliveries reads the whole day, and blocks nobody. */
const LOOK_TIMEOUT_MS = 60_000;
const TRIES = 5;
const PAUSE_MS = 500;

/** How many deliveries are open, 0 when the day is gone, or why that is not known. */
type Outcome = number | 'in use' | 'too large';

async function dropUnlessBusy(pool: Pool, day: Day, signal?: AbortSignal): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(pool, (client) => dropDay(client, day));
    } catch (error) {
      if (error instanceof LookTookTooLong) return 'too large';
      if (!isInTheWay(error)) throw error;
      if (tries === TRIES || signal?.aborted) return 'in use';
      await sleep(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

/** The look's own time was up: the next try would take as long. */
class LookTookTooLong extends Error {
  override name = 'LookTookTooLong';
}

/**
 * Drops a day, unless a delivery of it is open. Nobody adds one between the look and the drop: who adds deliveries to
 * a day that may be old holds the day, and waits here. So the look, which is slow, needs no lock on the tables.
 */
async function dropDay(client: Queryable, day: Day): Promise<number> {
  await client.query(
    raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}; set local statement_timeout = ${LOOK_TIMEOUT_MS}`),
  );
  await client.query(sql`select pg_advisory_xact_lock(${DAY_LOCK}, ${dayNumber(day)})`);
  const open = await countOpen(client, day);
  if (open > 0) return open;
  await client.query(
    raw(`set local lock_timeout = ${DROP_LOCK_TIMEOUT_MS}; set local statement_timeout = ${DROP_TIMEOUT_MS}`),
  );
  // Lock order everywhere: parents, then partitions; but not the parents' other partitions.
  const parents = PARTITIONED_TABLES.map((table) => `only ${table}`).join(', ');
  await client.query(raw(`lock table ${parents} in access exclusive mode`));
  const partitions = PARTITIONED_TABLES.map((table) => partitionOf(table, day)).join(', ');
  await client.query(raw(`drop table if exists ${partitions}`));
  return 0;
}

async function countOpen(client: Queryable, day: Day): Promise<number> {
  const partition = partitionOf('deliveries', day);
  const found = await rowsOf<{ exists: boolean }>(
    client,
    sql`select to_regclass(${partition}) is not null as exists`,
  );
  // Another process was faster.
  if (!onlyRow(found).exists) return 0;
  // Lock only the partition: a lock on the parent would block others who drop days.
  const look = {
    text: `select count(*)::int as open from ${partition} where completed_at is null`,
    // The pool's is shorter than this look's; it is missing in the types. The server's limit comes first.
    query_timeout: LOOK_TIMEOUT_MS + 5_000,
  };
  try {
    const { rows } = await client.query<{ open: number }>(look as { text: string });
    return onlyRow(rows).open;
  } catch (error) {
    throw errorCode(error) === QUERY_CANCELED ? new LookTookTooLong() : error;
  }
}

/** Keys deleted per statement. */
const KEYS_AT_ONCE = 5_000;

/**
 * Forgets the ids of events that were accepted more than twice the retention ago and are not in the log any more.
 * @returns how many
 */
export async function forgetEventKeys(
  pool: Pool,
  { now, retentionDays }: Retention,
  signal?: AbortSignal,
): Promise<number> {
  const end = oldestKept(now, IDS_OUTLIVE_EVENTS * retentionDays);
  for (let forgotten = 0; ;) {
    const { rowCount } = await pool.query(
      sql`with old as (
         select k.app_id, k.event_id from event_keys k
         where k.day < ${end} and not exists (
           select from events e where e.day < ${end} and e.day = k.day and e.app_id = k.app_id and e.id = k.event_id
         )
         order by k.day limit ${KEYS_AT_ONCE} for update of k skip locked
       )
       delete from event_keys k using old where k.app_id = old.app_id and k.event_id = old.event_id`,
    );
    forgotten += rowCount ?? 0;
    if ((rowCount ?? 0) < KEYS_AT_ONCE || signal?.aborted) return forgotten;
  }
}
