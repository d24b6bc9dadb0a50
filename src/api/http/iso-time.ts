/** ISO 8601: date, `T`, time to the minute or finer, and an offset: `Z`, `+02:00`, `+0200` or `+02`. */
const FORM =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:Z|([-+])(\d{2})(?::?(\d{2}))?)$/i;
/** An unencoded plus of an offset, as a query string decodes it. */
const SPACE_FOR_PLUS = /T\S* \d{2}(:?\d{2})?$/i;

const HOUR_MINUTES = 60;
const MINUTE_MS = 60_000;

/**
 * A point in time as people and libraries write it; what is finer than a millisecond is cut off. There is no 24:00 and no
 * leap second, which a `Date` cannot hold, no week date, no day that a month lacks, and no time without an offset, which
 * would be another one for everybody.
 * @returns the time, or what is wrong with the text
 */
export function isoTime(text: string): { readonly time: Date } | { readonly problem: string } {
  const match = FORM.exec(text);
  if (!match) return { problem: SPACE_FOR_PLUS.test(text) ? SPACE_IN_PLACE : NO_TIME };
  const [, year, month, day, hour, minute, second = '0', fraction = '', sign, offsetHour, offsetMinute] =
    match;
  const time = new Date(0);
  // Not Date.UTC, which takes the years before 100 for those of the last century.
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isDay = time.getUTCMonth() === Number(month) - 1 && time.getUTCDate() === Number(day);
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const isOffset = Number(offsetHour ?? 0) < 24 && Number(offsetMinute ?? 0) < 60;
  if (!isDay || !isTime || !isOffset) return { problem: NO_SUCH_TIME };
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  time.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds);
  const offset = Number(offsetHour ?? 0) * HOUR_MINUTES + Number(offsetMinute ?? 0);
  return { time: new Date(time.getTime() - (sign === '-' ? -offset : offset) * MINUTE_MS) };
}

const NO_TIME = 'must be an ISO 8601 time with an offset, such as 2026-04-16T12:00:00Z';
const NO_SUCH_TIME = 'is not a possible time: its month, day, hour, minute, second or offset is out of range';
const SPACE_IN_PLACE =
  'has a space where the offset begins: in a URL, write the plus as %2B (2026-04-16T12:00:00%2B02:00)';
