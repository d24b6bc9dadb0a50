/** Reads `Retry-After` (RFC 9110, 10.2.3 and 5.6.7). Pure: the zone of the machine has no part in it. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const MONTH = `(?<month>${MONTHS.join('|')})`;

const FORMS = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  String.raw`[a-z]{3}, (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} (?:GMT|UTC)`,
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  String.raw`[a-z]{6,9}, (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} (?:GMT|UTC)`,
  // C's asctime: Sun Nov  6 08:49:37 1994
  String.raw`[a-z]{3} ${MONTH} (?<day>\d\d| \d) ${TIME} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`, 'i'));

/** `Retry-After` as milliseconds from `now`: seconds or an HTTP date; undefined for anything else. */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  const at = parseHttpDate(text, now);
  return at === undefined ? undefined : Math.max(0, at - now.getTime());
}

function parseHttpDate(text: string, now: Date): number | undefined {
  const groups = FORMS.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  if (!groups) return undefined;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = groups;
  const inYear = (fullYear: number) =>
    Date.UTC(
      fullYear,
      MONTHS.findIndex((each) => each.toLowerCase() === month.toLowerCase()),
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
  const isTime = Number(minute) < 60 && Number(second) <= 60;
  const at = inYear(year.length === 2 ? fullYearOf(Number(year), inYear, now) : Number(year));
  // A day that its month does not have would be one of the next, and so would an hour that its day does not have.
  return isTime && new Date(at - Number(second) * 1000).getUTCDate() === Number(day) ? at : undefined;
}

/** The latest with these digits that is not more than 50 years ahead. */
function fullYearOf(twoDigits: number, inYear: (fullYear: number) => number, now: Date): number {
  const latest = new Date(now);
  latest.setUTCFullYear(now.getUTCFullYear() + 50);
  const century = Math.floor(latest.getUTCFullYear() / 100) * 100;
  const candidate = century + twoDigits;
  return inYear(candidate) > latest.getTime() ? candidate - 100 : candidate;
}
