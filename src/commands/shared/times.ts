import { durationText } from './durations.js';

/** Prints times of the API as the user wants them. */
export interface Times {
  /** `12 s ago`, `in 4 min`, or the time itself; `–` for none. */
  of(time: string | null | undefined): string;
}

/** @param now in milliseconds since 1970 */
export function timesAs(form: 'relative' | 'iso', now: () => number = Date.now): Times {
  return {
    of(time) {
      if (time === null || time === undefined) return '–';
      if (form === 'iso') return time;
      const ago = now() - Date.parse(time);
      if (Number.isNaN(ago)) return time;
      if (Math.abs(ago) < 1_000) return 'now';
      return ago > 0 ? `${durationText(ago)} ago` : `in ${durationText(-ago)}`;
    },
  };
}

/** The time of day on this machine's clock: `12:04:05`. */
export function clockTime(date: Date): string {
  return date.toTimeString().slice(0, 8);
}
