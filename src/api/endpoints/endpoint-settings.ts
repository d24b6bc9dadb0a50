import type { ScheduleChoice } from '../../domain/schedule.js';

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

/** What an endpoint has of which nothing is said when it is made. */
export const DEFAULT_ENDPOINT = {
  eventTypes: ['*'],
  retryLimit: null,
  schedule: null,
  description: null,
  metadata: {},
  enabled: true,
  rateLimit: null,
  maxInFlight: null,
  headers: {},
} as const satisfies Omit<EndpointSettings, 'url'>;

/** The members of a `webhook` in a body; null takes one back. */
interface WebhookBody {
  readonly url?: string | undefined;
  readonly event_types?: readonly string[] | null | undefined;
  readonly retry_limit?: number | null | undefined;
  readonly schedule?: ScheduleChoice | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly rate_limit?: number | null | undefined;
  readonly max_in_flight?: number | null | undefined;
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
}

/** What a body says of an endpoint; its secret is another matter. */
export function settingsIn(webhook: WebhookBody): EndpointSettings {
  return {
    url: webhook.url,
    eventTypes: orBackTo(DEFAULT_ENDPOINT.eventTypes, webhook.event_types),
    retryLimit: orBackTo(DEFAULT_ENDPOINT.retryLimit, webhook.retry_limit),
    schedule: orBackTo(DEFAULT_ENDPOINT.schedule, webhook.schedule),
    description: orBackTo(DEFAULT_ENDPOINT.description, webhook.description),
    metadata: orBackTo(DEFAULT_ENDPOINT.metadata, webhook.metadata),
    enabled: orBackTo(DEFAULT_ENDPOINT.enabled, webhook.enabled),
    rateLimit: orBackTo(DEFAULT_ENDPOINT.rateLimit, webhook.rate_limit),
    maxInFlight: orBackTo(DEFAULT_ENDPOINT.maxInFlight, webhook.max_in_flight),
    headers: orBackTo(DEFAULT_ENDPOINT.headers, webhook.headers),
  };
}

/** What is said, and the default for null; undefined where nothing is said. */
function orBackTo<Default, Given>(initially: Default, given: Given | null): Default | Given {
  return given === null ? initially : given;
}
