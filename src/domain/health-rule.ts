import type { AppSettings } from '../store/apps/apps.js';
import type { HealthRule, Profile } from '../profiles/profile.js';

/** Which rule an endpoint's failures have met; its `disabled_reason` from then on. */
export type TrippedRule = 'consecutive_failures' | 'continuous_failure' | 'gone';

const never = (given: number | null): number | null => (given === 0 ? null : given);

/**
 * When an application's endpoints are disabled: by its own settings, else by its profile's document. A setting of 0
 * takes the profile's rule away.
 */
export function healthRuleFor(
  profile: Pick<Profile, 'health'>,
  settings: Pick<AppSettings, 'disable_after_failures' | 'disable_after_hours'>,
): HealthRule {
  return {
    afterFailures: never(settings.disable_after_failures ?? profile.health.afterFailures),
    afterHours: never(settings.disable_after_hours ?? profile.health.afterHours),
    onGone: profile.health.onGone,
  };
}
