/** A UTC day, in milliseconds. */
export const DAY_MS = 86_400_000;

/** A UTC day as `YYYY-MM-DD`: the partition key of every row of the log. */
export type Day = string;

export function dayOf(time: Date): Day {
  return time.toISOString().slice(0, 10);
}

/** The day so many days later; earlier when they are less than 0. */
export function dayAfter(day: Day, days = 1): Day {
  return dayOf(new Date(Date.parse(day) + days * DAY_MS));
}
