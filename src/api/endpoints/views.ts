import { z } from 'zod';
import { scheduleFor } from '../../routing/schedule-choice.js';
import { inWholeSeconds } from '../../profiles/profile.js';
import { retriesOf } from '../../domain/schedule.js';
import type { App } from '../../domain/app.js';
import type { Endpoint, EndpointActivity } from '../../domain/endpoint.js';
import { chosenSchedule, time } from '../http/view-fields.js';

/** Endpoints as the API shows them: Scute's `webhook`, and ScendCore's subscription. */

export const endpointStatusAnswer = z.enum(['active', 'paused', 'disabled']);

const webhookFields = {
  id: z.uuid(),
  app_id: z.uuid(),
  url: z.string(),
  event_types: z.array(z.string()).readonly(),
  retry_limit: z.number(),
  schedule: chosenSchedule.describe(
    "The name of a documented schedule, or delays in seconds. null: the application's, else the profile's.",
  ),
  description: z.string().nullable(),
  metadata: z.unknown().meta({ override: { type: 'object' } }),
  enabled: z.boolean(),
  rate_limit: z.number().nullable().describe('Maximum attempts per second. null: no limit.'),
  max_in_flight: z.number().nullable().describe('Maximum attempts at the same time. null: no limit.'),
  status: endpointStatusAnswer,
  failure_count: z.number().describe('Deliveries in a row that failed for good.'),
  last_triggered_at: time.nullable(),
  disabled_at: time.nullable(),
  disabled_reason: z.string().nullable(),
  created_at: time,
  updated_at: time,
};

export const webhookAnswer = z.object(webhookFields).meta({ id: 'Webhook' });

export const newWebhookAnswer = z
  .object({ ...webhookFields, secret: z.string().nullable().describe('The signing secret.') })
  .meta({ id: 'NewWebhook' });

export const secretAnswer = z
  .object({
    secret: z.string(),
    public_key: z.string().nullable().describe('Verifies ed25519 signatures. null for other secrets.'),
    previous_expires_at: z.string().nullable().describe('When the last previous secret stops signing.'),
  })
  .meta({ id: 'Secret' });

const subscriptionFields = {
  id: z.uuid(),
  url: z.string(),
  events: z.array(z.string()).readonly(),
  is_active: z.boolean(),
};

export const newSubscriptionAnswer = z.object(subscriptionFields).meta({ id: 'NewSubscription' });

export const subscriptionAnswer = z
  .object({
    ...subscriptionFields,
    failure_count: z.number(),
    last_triggered_at: z.string().nullable(),
  })
  .meta({ id: 'Subscription' });

export function webhookView(app: App, endpoint: Endpoint & EndpointActivity): z.output<typeof webhookAnswer> {
  return {
    id: endpoint.id,
    app_id: endpoint.appId,
    url: endpoint.url,
    event_types: endpoint.eventTypes,
    retry_limit: endpoint.retryLimit ?? retriesOf(scheduleFor(app, { ...endpoint, retryLimit: null })),
    schedule: endpoint.schedule,
    description: endpoint.description,
    metadata: endpoint.metadata,
    enabled: endpoint.enabled,
    rate_limit: endpoint.rateLimit,
    max_in_flight: endpoint.maxInFlight,
    status: endpointStatus(endpoint),
    failure_count: endpoint.failureCount,
    last_triggered_at: endpoint.lastTriggeredAt,
    disabled_at: endpoint.disabledAt,
    disabled_reason: endpoint.disabledReason,
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
  };
}

export function newSubscriptionView(endpoint: Endpoint): z.output<typeof newSubscriptionAnswer> {
  return { id: endpoint.id, url: endpoint.url, events: endpoint.eventTypes, is_active: endpoint.enabled };
}

export function subscriptionView(endpoint: Endpoint & EndpointActivity): z.output<typeof subscriptionAnswer> {
  return {
    ...newSubscriptionView(endpoint),
    failure_count: endpoint.failureCount,
    last_triggered_at: endpoint.lastTriggeredAt && inWholeSeconds(endpoint.lastTriggeredAt),
  };
}

/** Whether it takes deliveries, as the API says it. */
export function endpointStatus({ enabled, pausedAt }: Endpoint): z.output<typeof endpointStatusAnswer> {
  if (!enabled) return 'disabled';
  return pausedAt === null ? 'active' : 'paused';
}
