import type { ScheduleChoice } from '../../domain/schedule.js';

/** The settings of an endpoint that a caller may choose, at creation and later; undefined: not given. */
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

/** The defaults of a new endpoint. */
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

/** The settings in a body, without the secret. */
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

/** The given value, or the default for null; undefined: not given. */
function orBackTo<Default, Given>(initially: Default, given: Given | null): Default | Given {
  return given === null ? initially : given;
}
