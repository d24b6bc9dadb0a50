import type { Profile } from './profile.js';
import { truncate, type Schedule } from './schedule.js';
import { scalekit } from './scalekit.js';
import { scalekitAuth } from './scalekit-auth.js';
import { scendcore } from './scendcore.js';
import { scute } from './scute.js';
import { standard } from './standard.js';

/** Every documented system, by its id. */
const profiles: ReadonlyMap<string, Profile> = new Map(
  [standard, scute, scalekit, scalekitAuth, scendcore].map((profile) => [profile.id, profile]),
);

export const DEFAULT_PROFILE_ID = standard.id;
export const profileIds: readonly string[] = [...profiles.keys()];

/** @throws Error when no such profile exists: ids that reach this were validated when they came in. */
export function profileById(id: string): Profile {
  const profile = profiles.get(id);
  if (!profile) throw new Error(`there is no profile "${id}"`);
  return profile;
}

/** The schedule that a delivery to an endpoint starts with, and keeps. */
export function scheduleFor(profile: Profile, retryLimit: number | null): Schedule {
  return truncate(profile.schedule, retryLimit ?? profile.defaultRetryLimit);
}
