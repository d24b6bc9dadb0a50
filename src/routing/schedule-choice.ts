import { profileById, profileIds } from '../profiles/index.js';
import { truncate, type Schedule, type ScheduleChoice } from '../domain/schedule.js';

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
