import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, onlyRow, type Pool, type Queryable } from '../database/pool.js';
import { raw, rowsOf, sql } from '../database/sql.js';
import { oldestKept } from '../retention/retention.js';
import { computeHours } from './hours.js';
import { computeMinutes, type Minutes } from './minutes.js';

/**
 * Statistics are computed from the log, a minute as a whole, after it was written: the first look has the minute that
 * runs and the one before, so that what is asked for is half a minute old at most. What is written later than that, of
 * an event that waited for its recording or an attempt whose worker died, is found by the looks that follow. What is
 * written after the last one is not counted. Hours are summed when a later look has passed them.
 */
const LOOKS = [
  { look: 'soon', afterMs: 0 },
  { look: 'late', afterMs: 900_000 },
  { look: 'hours', hoursOf: 'late' },
  { look: 'last', afterMs: 21_600_000 },
  { look: 'last_hours', hoursOf: 'last' },
] as const;
type Look = (typeof LOOKS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What one transaction computes: the largest application's two minutes take a second or two. */
const AT_ONCE_MS = 2 * MINUTE_MS;
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
async function step(db: Queryable, look: Look, options: RollUpOptions): Promise<boolean> {
  const lock = await rowsOf<{ isMine: boolean }>(
    db,
    sql`select pg_try_advisory_xact_lock(${ROLL_UP_LOCK}) as is_mine`,
  );
  if (!onlyRow(lock).isMine) return false;
  const rows = await rowsOf<State>(db, sql`select look, until, looked_at from roll_ups`);
  const states = new Map(rows.map((state) => [state.look, state]));
  const now = options.now();
  const work = workOf(look, states, { ...options, now });
  if (!work) return false;
  await db.query(SETTINGS);
  await ('hoursOf' in look ? computeHours(db, work) : computeMinutes(db, work));
  await db.query(
    sql`update roll_ups set until = ${work.until}, looked_at = ${now} where look = ${look.look}`,
  );
  if (look.look === 'last') await db.query(sql`delete from closings where closed_at < ${work.until}`);
  return work.to < work.end;
}

/** How far a look has come. */
interface State {
  readonly look: string;
  readonly until: Date;
  readonly lookedAt: Date;
}

/** What is to be computed. */
interface Work extends Minutes {
  /** What is before it is done then. */
  readonly until: Date;
  /** Where it ends for now, some other time if not this time. */
  readonly end: Date;
}

/** Null where nothing is to be done now. */
function workOf(
  look: Look,
  states: ReadonlyMap<string, State>,
  { now, retentionDays, notWithinMs = 0 }: Omit<RollUpOptions, 'now'> & { readonly now: Date },
): Work | null {
  const state = states.get(look.look);
  if (!state) return null;
  const from = Math.max(state.until.getTime(), Date.parse(oldestKept(now, retentionDays)));
  if ('hoursOf' in look) {
    const passed = states.get(look.hoursOf)?.until.getTime() ?? 0;
    return workBetween(from, { end: beginning(passed, HOUR_MS), step: HOUR_MS });
  }
  if (look.look !== 'soon') {
    return workBetween(from, { end: beginning(now.getTime() - look.afterMs, MINUTE_MS), step: AT_ONCE_MS });
  }
  // The minute that runs, too.
  const end = beginning(now.getTime(), MINUTE_MS) + MINUTE_MS;
  // PostgreSQL's clock may have been set back.
  const begin = Math.min(from, beginning(now.getTime(), MINUTE_MS));
  // When it is behind, it goes on whoever was there last.
  const isRecent = now.getTime() - state.lookedAt.getTime() < notWithinMs;
  if (isRecent && end - begin <= AT_ONCE_MS) return null;
  const settled = beginning(now.getTime() - SETTLED_AFTER_MS, MINUTE_MS);
  return workBetween(begin, { end, step: AT_ONCE_MS, settled });
}

function workBetween(
  from: number,
  { end, step, settled = end }: { readonly end: number; readonly step: number; readonly settled?: number },
): Work | null {
  if (from >= end) return null;
  const to = Math.min(end, from + step);
  const until = Math.max(from, Math.min(to, settled));
  return { from: new Date(from), to: new Date(to), until: new Date(until), end: new Date(end) };
}

/** When the minute or the hour begins that a time is in. */
function beginning(time: number, lengthMs: number): number {
  return time - (time % lengthMs);
}
