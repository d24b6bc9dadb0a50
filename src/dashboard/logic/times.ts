const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What is left, as a clock counts down: `04:12`, `1:04:12`, `2 d 1:04:12`. Never less than `00:00`. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / SECOND_MS));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = two(Math.floor(seconds / 60) % 60);
  const clock = `${minutes}:${two(seconds % 60)}`;
  if (days > 0) return `${days} d ${hours}:${clock}`;
  return hours > 0 ? `${hours}:${clock}` : clock;
}

/** A duration as people say it. Under a second it is exact to the millisecond: `35 ms`, `15.0 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < SECOND_MS) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < MINUTE_MS) return `${(milliseconds / SECOND_MS).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / SECOND_MS);
  if (seconds < 3_600) return parts([Math.floor(seconds / 60), 'min'], [seconds % 60, 's']);
  const minutes = Math.round(milliseconds / MINUTE_MS);
  if (minutes < 1_440) return parts([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
  const hours = Math.round(milliseconds / HOUR_MS);
  return parts([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

/** How long ago, or how long from now, in its largest unit: `12 s ago`, `in 2 h`. */
export function relative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < SECOND_MS) return 'now';
  const text = largestUnit(distance);
  return at < now ? `${text} ago` : `in ${text}`;
}

function largestUnit(milliseconds: number): string {
  if (milliseconds < MINUTE_MS) return `${Math.floor(milliseconds / SECOND_MS)} s`;
  if (milliseconds < HOUR_MS) return `${Math.floor(milliseconds / MINUTE_MS)} min`;
  if (milliseconds < DAY_MS) return `${Math.floor(milliseconds / HOUR_MS)} h`;
  return `${Math.floor(milliseconds / DAY_MS)} d`;
}

/** How soon the text of `relative` changes. */
export function changesAfter(at: number, now: number): number {
  return Math.abs(now - at) < MINUTE_MS ? SECOND_MS : MINUTE_MS / 2;
}

/** To the second, in this computer's zone: `2026-11-30 12:04:05`. */
export function absolute(at: number): string {
  const time = new Date(at);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${clockTime(at)}`;
}

/** To the second, without the day: `12:04:05`. */
export function clockTime(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
}

const AGO = /^(\d+)\s*(s|m|min|h|d)(?:\s+ago)?$/;
const CLOCK = /^(?:today\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
};

/**
 * The time that a person writes into a field: `2026-11-30 12:00`, `12:00` of today, `2 h` ago, `now`, or ISO 8601 with an
 * offset. Without an offset it is in this computer's zone. Null when it is none of these.
 */
export function timeFrom(text: string, now: number): number | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'now') return now;
  const [, count, unit] = AGO.exec(trimmed) ?? [];
  if (count !== undefined) return now - Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  const [, hour, minute, second = '0'] = CLOCK.exec(trimmed) ?? [];
  if (hour !== undefined) {
    const today = new Date(now);
    const fields = [today.getFullYear(), today.getMonth() + 1, today.getDate()];
    return local([...fields, Number(hour), Number(minute), Number(second)]);
  }
  const matched = LOCAL.exec(text.trim());
  if (matched) return local(matched.slice(1).map((field) => Number(field ?? 0)));
  const time = /(?:z|[+-]\d{2}:?\d{2})$/.test(trimmed) ? Date.parse(text.trim()) : NaN;
  return Number.isNaN(time) ? null : time;
}

function local(fields: readonly number[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const time = new Date(year, month - 1, day, hour, minute, second);
  // `Date` makes 3 March of 31 February.
  const same =
    time.getMonth() === month - 1 && time.getDate() === day && hour < 24 && minute < 60 && second < 60;
  return same ? time.getTime() : null;
}

function parts([more, unit]: [number, string], [rest, smaller]: [number, string]): string {
  return rest === 0 ? `${more} ${unit}` : `${more} ${unit} ${rest} ${smaller}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
