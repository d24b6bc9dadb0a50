import { retriesOf } from '../profiles/schedule.js';
import { scheduleFor } from '../delivery/schedule-choice.js';
import type { CatalogueEntry } from '../profiles/profile.js';
import type { App } from '../store/apps.js';
import type { ApiKey } from '../store/api-keys.js';
import type { Attempt } from '../store/attempts.js';
import type { Delivery } from '../store/deliveries.js';
import type { AppEventType } from '../store/event-types.js';
import type { Endpoint, EndpointActivity } from '../store/endpoint.js';
import type { EventStatus } from '../store/events.js';
import { recoveryStatusOf, type RecoveryCounts, type RecoveryJob } from '../store/recovery-jobs.js';
import { eventWorkflowId, type LiveEvent } from '../temporal/event-workflows.js';

/** What the API shows: the JSON of each resource. Dates become ISO 8601 in UTC with milliseconds. */

export function appView(app: App) {
  return {
    id: app.id,
    name: app.name,
    profile: app.profile,
    settings: app.settings,
    created_at: app.createdAt,
  };
}

export function apiKeyView(key: ApiKey) {
  return { id: key.id, name: key.name, scopes: key.scopes, created_at: key.createdAt };
}

/** @param schema what the application demands of its data */
export function catalogueEventTypeView(
  { name, description, example }: CatalogueEntry,
  schema: AppEventType['schema'],
) {
  return { name, description, example, schema, source: 'catalogue' };
}

export function appEventTypeView({ name, description, schema }: AppEventType) {
  return { name, description, example: null, schema, source: 'application' };
}

function statusOf({ enabled, pausedAt }: Endpoint): 'active' | 'paused' | 'disabled' {
  if (!enabled) return 'disabled';
  return pausedAt === null ? 'active' : 'paused';
}

/** @param secret only in the answer that creates the endpoint */
export function webhookView(app: App, endpoint: Endpoint & EndpointActivity, secret?: string | null) {
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
    status: statusOf(endpoint),
    failure_count: endpoint.failureCount,
    last_triggered_at: endpoint.lastTriggeredAt,
    disabled_at: endpoint.disabledAt,
    disabled_reason: endpoint.disabledReason,
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
    ...(secret === undefined ? {} : { secret }),
  };
}

export function eventView(event: {
  id: string;
  appId: string;
  eventType: string;
  createdAt: Date;
  status: EventStatus;
}) {
  return {
    id: event.id,
    app_id: event.appId,
    event_type: event.eventType,
    created_at: event.createdAt,
    status: event.status,
    workflow_id: eventWorkflowId(event.appId, event.id),
  };
}

export function deliveryView(delivery: Delivery) {
  return {
    id: delivery.id,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    webhook_id: delivery.endpointId,
    trigger: delivery.trigger,
    status: delivery.status,
    reason: delivery.reason,
    attempt_count: delivery.attemptCount,
    next_attempt_at: delivery.nextAttemptAt,
    last_status_code: delivery.lastStatusCode,
    last_error: delivery.lastError,
    created_at: delivery.createdAt,
    completed_at: delivery.completedAt,
  };
}

export function attemptView(attempt: Attempt) {
  return {
    number: attempt.number,
    started_at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    status_code: attempt.statusCode,
    error: attempt.error,
    slow: attempt.slow,
    possibly_repeated: attempt.possiblyRepeated,
    response_body: attempt.responseBody,
  };
}

/** A recovery. */
export function jobView(job: RecoveryJob & RecoveryCounts) {
  return {
    id: job.id,
    status: recoveryStatusOf(job),
    total: job.total,
    done: job.delivered,
    failed: job.failed,
    created_at: job.createdAt,
  };
}

/** What Temporal knows of an event beside the log. */
export function liveView(live: LiveEvent | null) {
  return (
    live && {
      workflow_status: live.workflowStatus,
      pending_attempts: live.pendingAttempts.map(({ retries, nextAttemptAt, lastFailure }) => ({
        retries,
        next_attempt_at: nextAttemptAt,
        last_failure: lastFailure,
      })),
    }
  );
}
