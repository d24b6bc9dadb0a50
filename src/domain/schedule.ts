/**
 * Retry schedules as values, and the arithmetic on them. Pure: workflows import this file.
 *
 * An attempt's number starts at 1; "the delay before attempt n" runs from the failure of attempt n - 1
 * to the start of attempt n.
 */

/** Delays that grow by a factor up to a maximum: an ordinary Temporal retry policy, exact even after a lost attempt. */
export interface GeometricSchedule {
  readonly kind: 'geometric';
  /** Delay before attempt 2, in seconds, at least 1. */
  readonly firstSeconds: number;
  /** At least 1. */
  readonly factor: number;
  readonly maximumSeconds: number;
  /** Retries after the first attempt; 0 for none. */
  readonly retries: number;
}

/** A documented table of delays. */
export interface TableSchedule {
  readonly kind: 'table';
  /** Delay before attempt 2, 3, …; each at least 1 second (Temporal rounds less up to 1 s). */
  readonly delaysSeconds: readonly number[];
  /** Share by which a delay may differ either way, 0 to 1; the actual share is a pure function of delivery and attempt. */
  readonly jitter?: number;
  /** Whether a receiver's `Retry-After` may lengthen the delay. */
  readonly retryAfter?: boolean;
}

export type Schedule = GeometricSchedule | TableSchedule;

/** The values of Temporal's retry policy, in milliseconds. */
export interface RetryPolicyValues {
  readonly initialInterval: number;
  readonly backoffCoefficient: number;
  readonly maximumInterval: number;
  readonly maximumAttempts: number;
}

/** A receiver may not push a retry further than an hour, unless the schedule itself waits longer. */
const RETRY_AFTER_CEILING_MS = 3_600_000;
const MINIMUM_DELAY_MS = 1_000;
/** The maximum that Temporal accepts. */
const LONGEST_DELAY_MS = 3_650 * 86_400_000;
const MOST_ATTEMPTS = 1_000_000;

/** The number of attempts in all, the first one included. */
export function attemptsInAll(schedule: Schedule): number {
  return 1 + retriesOf(schedule);
}

/** The number of retries after the first attempt. */
export function retriesOf(schedule: Schedule): number {
  return schedule.kind === 'geometric' ? schedule.retries : schedule.delaysSeconds.length;
}

/** The same schedule, ended after `retries` retries; a schedule that has fewer stays as it is. */
export function truncate(schedule: Schedule, retries: number): Schedule {
  return schedule.kind === 'geometric'
    ? { ...schedule, retries: Math.min(retries, schedule.retries) }
    : { ...schedule, delaysSeconds: schedule.delaysSeconds.slice(0, retries) };
}

/**
 * The same schedule with at least `attempts` in all: an attempt that was announced by the schedule of before is made,
 * and is the last.
 */
export function prolonged(schedule: Schedule, attempts: number): Schedule {
  const missing = attempts - attemptsInAll(schedule);
  if (!(missing > 0)) return schedule;
  if (schedule.kind === 'geometric') return { ...schedule, retries: schedule.retries + missing };
  const delay = schedule.delaysSeconds.at(-1) ?? 1;
  const more = Array.from({ length: missing }, () => delay);
  return { ...schedule, delaysSeconds: [...schedule.delaysSeconds, ...more] };
}

/**
 * The documented delay before `attempt` (2 or more) in milliseconds, without jitter.
 * @throws RangeError when the schedule has no such attempt
 */
export function documentedDelayMs(schedule: Schedule, attempt: number): number {
  if (attempt < 2 || attempt > attemptsInAll(schedule)) {
    throw new RangeError(`the schedule has no delay before attempt ${attempt}`);
  }
  if (schedule.kind === 'geometric') {
    const seconds = schedule.firstSeconds * schedule.factor ** (attempt - 2);
    return Math.round(Math.min(seconds, schedule.maximumSeconds) * 1000);
  }
  return Math.round((schedule.delaysSeconds[attempt - 2] ?? 0) * 1000);
}

/**
 * The delay in milliseconds that a delivery waits before `attempt`, jitter and `Retry-After` included.
 * Jitter depends on the delivery and the attempt alone, so a time once announced stays true.
 * @param retryAfterMs what the receiver asked for with its last answer, if it did
 */
export function delayBeforeAttemptMs(
  schedule: Schedule,
  attempt: number,
  deliveryId: string,
  retryAfterMs?: number,
): number {
  const documented = documentedDelayMs(schedule, attempt);
  if (schedule.kind === 'geometric') return documented;
  const jitter = (schedule.jitter ?? 0) * (2 * shareOf(`${deliveryId}/${attempt}`) - 1);
  const scheduled = Math.max(MINIMUM_DELAY_MS, Math.round(documented * (1 + jitter)));
  if (!schedule.retryAfter || retryAfterMs === undefined) return scheduled;
  return Math.max(scheduled, Math.min(retryAfterMs, Math.max(scheduled, RETRY_AFTER_CEILING_MS)));
}

/**
 * The Temporal retry policy of one activity that makes the attempts from `firstAttempt` to the schedule's last.
 * Exact for a geometric schedule. For a table it matters after an attempt lost with its worker alone, which can name
 * no delay of its own; every other failure names the table's. Then Temporal comes back after the shortest delay that
 * is left, and the log says how long it still is.
 *
 * Never throws, because a workflow calls it. An attempt beyond the schedule is made once. Numbers that Temporal would
 * refuse are moved into its bounds.
 */
export function toRetryPolicy(schedule: Schedule, firstAttempt: number): RetryPolicyValues {
  const first = between(1, firstAttempt, Number.MAX_SAFE_INTEGER);
  const maximumAttempts = between(1, attemptsInAll(schedule) - first + 1, MOST_ATTEMPTS);
  if (schedule.kind === 'table' || maximumAttempts === 1) {
    const interval = schedule.kind === 'table' ? shortestLeftMs(schedule, first) : MINIMUM_DELAY_MS;
    return { initialInterval: interval, backoffCoefficient: 1, maximumInterval: interval, maximumAttempts };
  }
  const factor = schedule.factor >= 1 && Number.isFinite(schedule.factor) ? schedule.factor : 1;
  const initialInterval = between(MINIMUM_DELAY_MS, documentedDelayMs(schedule, first + 1), LONGEST_DELAY_MS);
  const maximumInterval = between(initialInterval, schedule.maximumSeconds * 1000, LONGEST_DELAY_MS);
  return { initialInterval, backoffCoefficient: factor, maximumInterval, maximumAttempts };
}

/** The shortest delay before an attempt after this one, in milliseconds; the least that Temporal waits where none is left. */
function shortestLeftMs({ delaysSeconds, jitter = 0 }: TableSchedule, attempt: number): number {
  const left = delaysSeconds.slice(attempt - 1);
  if (left.length === 0) return MINIMUM_DELAY_MS;
  return between(MINIMUM_DELAY_MS, 1000 * Math.min(...left) * (1 - jitter), LONGEST_DELAY_MS);
}

/** The whole number next to `value` within bounds; the least for what is no number. */
function between(least: number, value: number, most: number): number {
  return value > least ? Math.min(Math.round(value), most) : least;
}

/** FNV-1a with a final avalanche, as a share of 1: spreads ids evenly, and is the same everywhere for ever. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * A schedule as an application or an endpoint chooses it: a documented one, by its profile's id, or delays of its
 * own in seconds before attempt 2, 3, …, which have no jitter and follow no `Retry-After`.
 */
export type ScheduleChoice = string | readonly number[];

/** Temporal waits at least a second. */
export const SHORTEST_DELAY_SECONDS = 1;
/** A week. */
export const LONGEST_DELAY_SECONDS = 604_800;
export const MOST_DELAYS = 50;
/** All delays together: 28 days. A day is kept as long as a delivery of it is open. */
export const LONGEST_SCHEDULE_SECONDS = 2_419_200;
