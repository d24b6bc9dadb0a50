import { ClockEstimate } from '../../lib/clock-estimate.js';
import { onlyRow, type Pool, type Queryable } from './pool.js';
import { rowsOf, sql } from './sql.js';

/** How often PostgreSQL is asked what time it is: a clock that was set, or another server's, is known by then. */
const ASK_EVERY_MS = 5_000;

export interface LogClock {
  /** PostgreSQL's time, accurate to half the duration of a statement. It runs on while PostgreSQL is away. */
  readonly now: () => Date;
  stop(): void;
}

/**
 * The one clock that decides: PostgreSQL's. Whatever meets a time of the log is judged by it, so that processes whose
 * hosts' clocks differ agree. A host's own clock, which may be wrong or be set, is never asked: between two answers
 * the time that has passed since is added (docs/decisions/0025).
 */
export async function startLogClock(pool: Pool): Promise<LogClock> {
  const estimate = new ClockEstimate();
  const ask = async () => {
    const askedAt = performance.now();
    const time = await millisecondsOf(pool);
    estimate.heard(time, askedAt, performance.now());
  };
  await ask();
  let isAsking = false;
  const timer = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    // While it is away there is nothing new to know.
    void ask()
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  }, ASK_EVERY_MS);
  timer.unref();
  return {
    now: () => new Date(estimate.timeAt(performance.now())),
    stop: () => clearInterval(timer),
  };
}

/** PostgreSQL's time, for those who ask it once. */
export async function timeOf(db: Queryable): Promise<Date> {
  return new Date(await millisecondsOf(db));
}

async function millisecondsOf(db: Queryable): Promise<number> {
  const rows = await rowsOf<{ time: number }>(
    db,
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as time`,
  );
  return onlyRow(rows).time;
}
