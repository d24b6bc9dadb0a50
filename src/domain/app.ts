import type { ScheduleChoice } from './schedule.js';

/** An application: one tenant, with one profile for all its endpoints. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly profile: string;
  readonly settings: AppSettings;
  readonly createdAt: Date;
}

/** What an application may set, and what it has by default. */
export interface AppSettings {
  /** `env_…`: part of Scalekit's envelope. */
  readonly environment_id: string;
  /** Null: the profile's. */
  readonly schedule: ScheduleChoice | null;
  /** Disables an endpoint after so many failures in a row; null: the profile's rule; 0: never. */
  readonly disable_after_failures: number | null;
  /** Disables an endpoint after so many hours of nothing but failures; null: the profile's rule; 0: never. */
  readonly disable_after_hours: number | null;
  /** How long a held delivery waits before it fails as `expired`. */
  readonly hold_hours: number;
  /** How many held deliveries go on in a second when an endpoint takes deliveries again. */
  readonly drain_per_second: number;
}

/** What an application has that sets nothing, or takes a setting back. */
export const DEFAULT_SETTINGS = {
  schedule: null,
  disable_after_failures: null,
  disable_after_hours: null,
  hold_hours: 72,
  drain_per_second: 10,
} as const satisfies Omit<AppSettings, 'environment_id'>;
