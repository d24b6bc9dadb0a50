import type { ScheduleChoice } from './schedule.js';
import type { TrippedRule } from './health-rule.js';

/** Where an application's events go. Secret and headers are sealed here, and opened only to sign and to send. */
export interface Endpoint {
  readonly id: string;
  readonly appId: string;
  readonly url: string;
  /** Exact types and patterns; `*` for all. */
  readonly eventTypes: readonly string[];
  /** Null: the profile's own. */
  readonly retryLimit: number | null;
  /** Null: the application's, or the profile's. */
  readonly schedule: ScheduleChoice | null;
  readonly description: string | null;
  readonly metadata: unknown;
  readonly enabled: boolean;
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
  /** The rule that its failures have met, until its health workflow has disabled it for that. */
  readonly tripped: TrippedRule | null;
  /** Null unless it is paused. */
  readonly pausedAt: Date | null;
  /** Attempts a second at most; null for any number. */
  readonly rateLimit: number | null;
  /** Attempts at the same time at most; null for any number. */
  readonly maxInFlight: number | null;
  /** Sealed; null when deliveries are not signed. */
  readonly secret: Buffer | null;
  /** Secrets of before a rotation, oldest first, some of them expired. */
  readonly previousSecrets: readonly PreviousSecret[];
  /** Sealed JSON object of header names and values; null without any. */
  readonly headers: Buffer | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A secret that a rotation has replaced: it signs until it expires. */
export interface PreviousSecret {
  /** Sealed, in base64. */
  readonly secret: string;
  /** ISO 8601. */
  readonly expires_at: string;
}

/** What deliveries make of an endpoint; the caller of the API never sets it. */
export interface EndpointActivity {
  /** Finally failed deliveries in a row, up to now. */
  readonly failureCount: number;
  readonly lastTriggeredAt: Date | null;
}

/** The previous secrets whose grace time has not ended, in their order. */
export function unexpired(previous: readonly PreviousSecret[], now: Date): readonly PreviousSecret[] {
  return previous.filter(({ expires_at }) => new Date(expires_at) > now);
}

/** Whether it is disabled, or about to be by the rule that its failures have met. */
export function isDisabled({ enabled, tripped }: Pick<Endpoint, 'enabled' | 'tripped'>): boolean {
  return !enabled || tripped !== null;
}

/** Whether an endpoint takes deliveries now. */
export function takesDeliveries(endpoint: Pick<Endpoint, 'enabled' | 'tripped' | 'pausedAt'>): boolean {
  return !isDisabled(endpoint) && endpoint.pausedAt === null;
}
