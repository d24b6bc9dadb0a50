import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Milliseconds of `30s`, `5m`, `2h`, `1d`, `250ms`; a number alone is seconds.
 * @param flag what it was given for, for the error
 * @throws CommandError of usage
 */
export function millisecondsIn(text: string, flag: string): number {
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)([a-z]+)?$/.exec(text.trim()) ?? [];
  const each = UNIT_MS[unit];
  if (count === undefined || each === undefined) {
    throw new CommandError(EXIT.usage, `${flag}: ${text} is no duration: write it like 30s, 5m, 2h or 1d.`);
  }
  return Number(count) * each;
}

/**
 * A time as the API takes it, from one in ISO 8601 or from how long ago it was (`2h`).
 * @throws CommandError of usage
 */
export function timeIn(text: string, flag: string, now = Date.now()): string {
  if (/^\d+(?:\.\d+)?(?:ms|s|m|min|h|d)$/.test(text.trim())) {
    return new Date(now - millisecondsIn(text, flag)).toISOString();
  }
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new CommandError(
      EXIT.usage,
      `${flag}: ${text} is no time: write it like 2026-11-30T12:00:00Z, or how long ago it was, like 2h.`,
    );
  }
  return new Date(time).toISOString();
}

/** A duration for people: `12 s`, `4 min 12 s`, `2 h 35 min`, `3 d 4 h`. Never more than two units. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
