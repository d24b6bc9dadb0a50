/** Times and durations as people read them. Pure. */

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `2026-11-30 12:04:10 UTC`. */
export function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A duration in its two largest units: `4 minutes 12 seconds`, `35 ms`. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  let left = Math.round(whole / 1_000) * 1_000;
  const first = UNITS.findIndex(([, size]) => left >= size);
  const parts: string[] = [];
  for (const [name, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(countText(count, name));
  }
  return parts.join(' ');
}

/** `1 attempt`, `2 attempts`. */
export function countText(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : nouns}`;
}
