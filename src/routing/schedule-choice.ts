import { profileById, profileIds } from '../profiles/index.js';
import { truncate, type Schedule } from '../domain/schedule.js';

/**
 * A schedule as an application or an endpoint chooses it: a documented one, by its profile's id, or delays of its
 * own in seconds before attempt 2, 3, …, which have no jitter and follow no `Retry-After`.
 */
export type ScheduleChoice = string | readonly number[];

/** Temporal waits a second at least. */
export const SHORTEST_DELAY_SECONDS = 1;
/** A week. */
export const LONGEST_DELAY_SECONDS = 604_800;
export const MOST_DELAYS = 50;
/** All delays together: 28 days. A day of the log is kept for as long as a delivery of it is open. */
export const LONGEST_SCHEDULE_SECONDS = 2_419_200;

/**
 * The schedule that a delivery to an endpoint starts with, and keeps: what the endpoint chose, else its application,
 * else the profile's. The endpoint's retry limit ends any of them early; without one a documented schedule has as
 * many retries as its document gives by default. A name that is known no more counts as none.
 */
export function scheduleFor(
  app: { readonly profile: string; readonly settings: { readonly schedule: ScheduleChoice | null } },
  endpoint: { readonly retryLimit: number | null; readonly schedule: ScheduleChoice | null },
): Schedule {
  const chosen = endpoint.schedule ?? app.settings.schedule ?? app.profile;
  if (typeof chosen === 'string') {
    const { schedule, defaultRetryLimit } = profileById(profileIds.includes(chosen) ? chosen : app.profile);
    return truncate(schedule, endpoint.retryLimit ?? defaultRetryLimit);
  }
  return truncate({ kind: 'table', delaysSeconds: chosen }, endpoint.retryLimit ?? chosen.length);
}
