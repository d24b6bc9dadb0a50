import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, onlyRow, type Pool, type Queryable } from '../database/pool.js';
import { raw, rowsOf, sql } from '../database/sql.js';
import { oldestKept } from '../retention/retention.js';
import { computeMinutes, type Minutes } from './minutes.js';

/**
 * Statistics are computed from the log, a minute as a whole, after it was written: the first look has the minute that
 * runs and the one before, so that what is asked for is half a minute old at most. What is written later than that, of
 * an event that waited for its recording or an attempt whose worker died, is found by the looks that follow. What is
 * written after the last one is not counted.
 */
const LOOKS = [
  { look: 'soon', afterMs: null },
  { look: 'late', afterMs: 900_000 },
  { look: 'last', afterMs: 21_600_000 },
] as const;
type Look = (typeof LOOKS)[number];

const MINUTE_MS = 60_000;
/** Minutes that one transaction computes: the largest application's take a second or two. */
const MINUTES_AT_ONCE = 2;
/** A minute that ended so long ago has what belongs to it, unless something was in the way. */
const SETTLED_AFTER_MS = 15_000;
/** After a computation that is followed by another one, others have the database for as long. */
const REST = 1;

/** Any number, the same in every process: who holds it computes. Nobody waits for it. */
const ROLL_UP_LOCK = 7_081_546;

/**
 * Computations are planned for one day's few, not for the table's many, and never read a whole partition: each finds
 * its rows by an index. No statement of theirs takes longer than the limit.
 */
const SETTINGS = raw(
  ['statement_timeout = 20000', 'jit = off', 'max_parallel_workers_per_gather = 0', 'random_page_cost = 1.1']
    .concat(['seqscan', 'hashjoin', 'mergejoin'].map((way) => `enable_${way} = off`))
    .map((setting) => `set local ${setting}`)
    .join('; '),
);

export interface RollUpOptions {
  /** PostgreSQL's time. */
  readonly now: () => Date;
  /** How long PostgreSQL keeps an event, in days: nothing before that is computed. */
  readonly retentionDays: number;
  /** Does nothing when a process has done it so short a time ago, in milliseconds. */
  readonly notWithinMs?: number;
}

/**
 * Brings the statistics up to date. Any number of processes may do it: one of them does, and the others do not wait. One
 * that dies has done a transaction, or none of it.
 */
export async function rollUp(pool: Pool, options: RollUpOptions, signal?: AbortSignal): Promise<void> {
  for (const look of LOOKS) {
    let isBehind = true;
    while (isBehind && signal?.aborted !== true) {
      const begunAt = performance.now();
      isBehind = await inTransaction(pool, (client) => step(client, look, options));
      if (isBehind)
        await sleep(REST * (performance.now() - begunAt), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** @returns whether there is more to do */
async function step(
  db: Queryable,
  { look, afterMs }: Look,
  { now: timeNow, retentionDays, notWithinMs = 0 }: RollUpOptions,
): Promise<boolean> {
  const now = timeNow();
  const rows = await rowsOf<{ isMine: boolean }>(
    db,
    sql`select pg_try_advisory_xact_lock(${ROLL_UP_LOCK}) as is_mine`,
  );
  if (!onlyRow(rows).isMine) return false;
  const [state] = await rowsOf<{ until: Date; lookedAt: Date }>(
    db,
    sql`select until, looked_at from roll_ups where look = ${look}`,
  );
  if (!state) return false;
  const oldest = new Date(oldestKept(now, retentionDays));
  const from = state.until < oldest ? oldest : state.until;
  const end = afterMs === null ? minuteAfter(now) : minuteOf(now.getTime() - afterMs);
  // Behind, it goes on whoever was there last.
  const isRecent = afterMs === null && now.getTime() - state.lookedAt.getTime() < notWithinMs;
  if (from >= end || (isRecent && end.getTime() - from.getTime() <= MINUTES_AT_ONCE * MINUTE_MS))
    return false;
  const minutes: Minutes = {
    from,
    to: new Date(Math.min(end.getTime(), from.getTime() + MINUTES_AT_ONCE * MINUTE_MS)),
  };
  await db.query(SETTINGS);
  await computeMinutes(db, minutes);
  const settled = afterMs === null ? minuteOf(now.getTime() - SETTLED_AFTER_MS) : minutes.to;
  const until = new Date(Math.max(from.getTime(), Math.min(minutes.to.getTime(), settled.getTime())));
  await db.query(sql`update roll_ups set until = ${until}, looked_at = ${now} where look = ${look}`);
  if (look === 'last') await db.query(sql`delete from closings where closed_at < ${until}`);
  return minutes.to < end;
}

/** The beginning of the UTC minute that a time is in. */
function minuteOf(time: number): Date {
  return new Date(time - (time % MINUTE_MS));
}

/** The end of the minute that runs. */
function minuteAfter(now: Date): Date {
  return new Date(minuteOf(now.getTime()).getTime() + MINUTE_MS);
}
