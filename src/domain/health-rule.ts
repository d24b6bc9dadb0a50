import type { AppSettings } from './app.js';

/**
 * When an endpoint is disabled by its failures. What counts is a delivery of an event, once, when it has failed for
 * good: all its attempts used up, or a final answer.
 */
export interface HealthRule {
  /** Failures in a row; null: no such rule. */
  readonly afterFailures: number | null;
  /** Hours with nothing but failures; null: no such rule. */
  readonly afterHours: number | null;
  /** Whether an answer of 410 disables the endpoint immediately. */
  readonly onGone: boolean;
}

/** Failures are counted and shown, and disable nothing. */
export const countedOnly: HealthRule = { afterFailures: null, afterHours: null, onGone: false };

/** Which rule an endpoint's failures have met; its `disabled_reason` from then on. */
export type TrippedRule = 'consecutive_failures' | 'continuous_failure' | 'gone';

const never = (given: number | null): number | null => (given === 0 ? null : given);

/**
 * When an application's endpoints are disabled: by its own settings, else by its profile's document. A setting of 0
 * takes the profile's rule away.
 */
export function healthRuleFor(
  profile: { readonly health: HealthRule },
  settings: Pick<AppSettings, 'disable_after_failures' | 'disable_after_hours'>,
): HealthRule {
  return {
    afterFailures: never(settings.disable_after_failures ?? profile.health.afterFailures),
    afterHours: never(settings.disable_after_hours ?? profile.health.afterHours),
    onGone: profile.health.onGone,
  };
}
