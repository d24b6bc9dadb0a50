import type { Queryable } from '../database/pool.js';
import { empty, raw, rowsOf, sql, type Sql } from '../database/sql.js';
import { percentile } from './latency.js';

export const STATS_INTERVALS = ['minute', 'hour', 'day'] as const;
export type StatsInterval = (typeof STATS_INTERVALS)[number];

export const INTERVAL_MS: Readonly<Record<StatsInterval, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Whole intervals in UTC, from the one that begins at `from` to the one that ends at `to`. */
export interface StatsWindow {
  readonly interval: StatsInterval;
  readonly from: Date;
  readonly to: Date;
}

/** The whole intervals that times between `since` and `until` are in. Pure. */
export function windowOf(interval: StatsInterval, since: Date, until: Date): StatsWindow {
  const length = INTERVAL_MS[interval];
  return {
    interval,
    from: new Date(Math.floor(since.getTime() / length) * length),
    to: new Date(Math.ceil(until.getTime() / length) * length),
  };
}

/** How many intervals a window has. Pure. */
export function bucketsIn({ interval, from, to }: StatsWindow): number {
  return Math.max(0, (to.getTime() - from.getTime()) / INTERVAL_MS[interval]);
}

export interface StatsBucket {
  readonly start: Date;
  /** Accepted; with an endpoint, those that have a delivery to it. */
  readonly events: number;
  /** Deliveries that ended. */
  readonly delivered: number;
  readonly failed: number;
  /** Attempts that ended, and those of them that were not their delivery's first. */
  readonly attempts: number;
  readonly retried: number;
  /** Of the attempts' durations, in milliseconds; null without attempts. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface StatsFilter {
  readonly appId: string;
  readonly endpointId?: string | undefined;
  readonly eventType?: string | undefined;
}

type AttemptsRow = Pick<StatsBucket, 'start' | 'attempts' | 'retried' | 'delivered' | 'failed'> & {
  readonly latency: number;
};

/** The statistics of an application, one bucket for each interval of the window, the oldest first. */
export async function readStats(
  db: Queryable,
  filter: StatsFilter,
  window: StatsWindow,
): Promise<StatsBucket[]> {
  const { interval, from } = window;
  const rowsFrom = await sourceOf(db, filter, window);
  const { endpointId } = filter;
  const start = sql`date_trunc(${interval}, start, 'UTC')`;
  const events = await rowsOf<Pick<StatsBucket, 'start' | 'events'>>(
    db,
    sql`select ${start} as start, sum(events)::int as events
     from ${rowsFrom(endpointId === undefined ? 'event' : 'delivery')} found group by 1`,
  );
  const attempts = await rowsOf<AttemptsRow>(
    db,
    sql`select ${start} as start, latency, sum(attempts)::int as attempts, sum(retried)::int as retried,
       sum(delivered)::int as delivered, sum(failed)::int as failed
     from ${rowsFrom('attempt')} found group by 1, 2`,
  );
  const eventsAt = new Map(events.map((row) => [row.start.getTime(), row.events]));
  const attemptsAt = new Map<number, AttemptsRow[]>();
  for (const row of attempts) {
    const time = row.start.getTime();
    attemptsAt.set(time, [...(attemptsAt.get(time) ?? []), row]);
  }
  return Array.from({ length: bucketsIn(window) }, (_, n) => {
    const time = from.getTime() + n * INTERVAL_MS[interval];
    return { start: new Date(time), events: eventsAt.get(time) ?? 0, ...endedIn(attemptsAt.get(time) ?? []) };
  });
}

/** The rows that a filter chooses: of whole hours as far as they are summed, and of minutes. */
async function sourceOf(
  db: Queryable,
  { appId, endpointId, eventType }: StatsFilter,
  { interval, from, to }: StatsWindow,
): Promise<(what: 'event' | 'delivery' | 'attempt') => Sql> {
  const summed = await rowsOf<{ until: Date }>(db, sql`select until from roll_ups where look = 'hours'`);
  const known = interval === 'minute' ? from : (summed[0]?.until ?? from);
  const split = new Date(Math.min(to.getTime(), Math.max(from.getTime(), known.getTime())));
  return (what) => {
    const chosen = sql`app_id = ${appId} and (${eventType}::text is null or event_type = ${eventType})
      ${what === 'event' ? empty : sql`and (${endpointId}::uuid is null or endpoint_id = ${endpointId})`}`;
    return sql`(
      select * from ${raw(`${what}_hours`)} where ${chosen} and start >= ${from} and start < ${split}
      union all
      select * from ${raw(`${what}_minutes`)} where ${chosen} and start >= ${split} and start < ${to}
    )`;
  };
}

function endedIn(rows: readonly AttemptsRow[]): Omit<StatsBucket, 'start' | 'events'> {
  const sumOf = (name: 'attempts' | 'retried' | 'delivered' | 'failed') =>
    rows.reduce((sum, row) => sum + row[name], 0);
  const counts = new Map(rows.map(({ latency, attempts }) => [latency, attempts]));
  return {
    delivered: sumOf('delivered'),
    failed: sumOf('failed'),
    attempts: sumOf('attempts'),
    retried: sumOf('retried'),
    p50Ms: percentile(counts, 0.5),
    p95Ms: percentile(counts, 0.95),
  };
}
