import type { ScheduleChoice } from '../delivery/schedule-choice.js';

/** What a caller may set of an endpoint, when it is made and later; undefined where nothing is said. */
export interface EndpointSettings {
  readonly url?: string | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  /** Null: the schedule's own number. */
  readonly retryLimit?: number | null | undefined;
  readonly schedule?: ScheduleChoice | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly enabled?: boolean | undefined;
  readonly rateLimit?: number | null | undefined;
  readonly maxInFlight?: number | null | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The members of a `webhook` in a body. */
interface WebhookBody extends Omit<
  EndpointSettings,
  'eventTypes' | 'retryLimit' | 'rateLimit' | 'maxInFlight'
> {
  readonly event_types?: readonly string[] | undefined;
  readonly retry_limit?: number | null | undefined;
  readonly rate_limit?: number | null | undefined;
  readonly max_in_flight?: number | null | undefined;
}

/** What a body says of an endpoint; its secret is another matter. */
export function settingsIn(webhook: WebhookBody): EndpointSettings {
  return {
    url: webhook.url,
    eventTypes: webhook.event_types,
    retryLimit: webhook.retry_limit,
    schedule: webhook.schedule,
    description: webhook.description,
    metadata: webhook.metadata,
    enabled: webhook.enabled,
    rateLimit: webhook.rate_limit,
    maxInFlight: webhook.max_in_flight,
    headers: webhook.headers,
  };
}
