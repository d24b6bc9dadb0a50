import { daysOfLog } from './partitions.js';
import { DAY_MS, dayAfter, dayOf, type Day } from '../../domain/day.js';
import type { Queryable } from './pool.js';

/**
 * PostgreSQL plans for, and locks, every day that a statement may touch: with a year of them that takes 200 ms and
 * 3,000 locks. So whoever looks through the log does it some days at a time.
 */

/** Days of the log, from the first to the last. */
export interface DaySpan {
  readonly first: Day;
  readonly last: Day;
}

const DAYS_AT_ONCE = 8;

/** The days from that of one moment to that of another; without a bound, all. */
export interface TimeBounds {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The days of the log in spans, the oldest first. */
export async function spansOldestFirst(db: Queryable, bounds: TimeBounds = {}): Promise<DaySpan[]> {
  return spansOf(await daysWithin(db, bounds));
}

/** The same of those that have come, the newest first. Partitions are made ahead; a clock may be. */
export async function spansNewestFirst(db: Queryable, bounds: TimeBounds = {}): Promise<DaySpan[]> {
  const tomorrow = dayAfter(dayOf(new Date()));
  const days = (await daysWithin(db, bounds)).filter((day) => day <= tomorrow);
  return spansOf(days.toReversed()).map(({ first, last }) => ({ first: last, last: first }));
}

async function daysWithin(db: Queryable, { from, to }: TimeBounds): Promise<Day[]> {
  return (await daysOfLog(db)).filter((day) => {
    const begin = Date.parse(day);
    return (!from || begin + DAY_MS > from.getTime()) && (!to || begin <= to.getTime());
  });
}

function spansOf(days: readonly Day[]): DaySpan[] {
  const spans: DaySpan[] = [];
  for (let begin = 0; begin < days.length; begin += DAYS_AT_ONCE) {
    const piece = days.slice(begin, begin + DAYS_AT_ONCE);
    const [first] = piece;
    const last = piece.at(-1);
    if (first !== undefined && last !== undefined) spans.push({ first, last });
  }
  return spans;
}

/** The rows in groups of a few days each, for statements that name the days of what they look for. */
export function fewDaysAtOnce<Row extends { readonly day: Day }>(rows: readonly Row[]): Row[][] {
  const days = [...new Set(rows.map(({ day }) => day))];
  const groups: Row[][] = [];
  for (let begin = 0; begin < days.length; begin += DAYS_AT_ONCE) {
    const some = days.slice(begin, begin + DAYS_AT_ONCE);
    groups.push(rows.filter(({ day }) => some.includes(day)));
  }
  return groups;
}
