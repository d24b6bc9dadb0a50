import { z } from 'zod';
import type { Attempt } from '../../domain/attempt.js';
import {
  DELIVERY_STATUSES,
  type Delivery,
  DELIVERY_TRIGGERS,
  DELIVERY_REASONS,
} from '../../domain/delivery.js';
import {
  recoveryStatusOf,
  type RecoveryCounts,
  type RecoveryJob,
} from '../../store/recoveries/recovery-jobs.js';
import { time } from '../http/view-fields.js';
import type { DeliveryFacts } from '../../explanation/explanation.js';
import { explainedFields, explainedView, type NamedWorkflow } from './explanation-view.js';

/** Deliveries, their attempts, and recoveries, which make many of them, as the API shows them. */

const deliveryFields = {
  id: z.uuid(),
  event_id: z.string(),
  event_type: z.string(),
  webhook_id: z.uuid(),
  trigger: z.enum(DELIVERY_TRIGGERS),
  status: z.enum(DELIVERY_STATUSES).describe('A `failed` delivery with a `next_attempt_at` will be retried.'),
  reason: z.enum(DELIVERY_REASONS).nullable().describe('Why it waits, or why it failed for good.'),
  attempt_count: z.number(),
  next_attempt_at: time.nullable(),
  last_status_code: z.number().nullable(),
  last_error: z.string().nullable(),
  created_at: time,
  completed_at: time.nullable(),
};

export const deliveryAnswer = z.object(deliveryFields).meta({ id: 'Delivery' });

export const attemptAnswer = z
  .object({
    number: z.number(),
    started_at: time,
    duration_ms: z.number().nullable().describe('null for an attempt that was lost with its worker.'),
    status_code: z.number().nullable(),
    error: z.string().nullable().describe('null, or a code with text: `timeout: …`.'),
    slow: z.boolean(),
    possibly_repeated: z.boolean().describe('The receiver may have got it more than once.'),
    response_body: z
      .string()
      .nullable()
      .describe('The first 20 KB of the answer. In a large event, its first 2,000 characters.'),
  })
  .meta({ id: 'Attempt' });

export const attemptedDeliveryAnswer = z
  .object({
    ...deliveryFields,
    attempts: z.array(attemptAnswer).readonly().describe('The newest ones, the oldest of them first.'),
    attempts_total: z.number().describe('How many there are. `…/deliveries/{id}/attempts` lists all.'),
    ...explainedFields,
  })
  .meta({ id: 'DeliveryWithAttempts' });

export const jobAnswer = z
  .object({
    id: z.uuid(),
    status: z.enum(['running', 'paused', 'cancelled', 'completed']),
    total: z.number().describe('Number of events to recover when the job began.'),
    done: z.number(),
    failed: z.number(),
    created_at: time,
  })
  .meta({ id: 'RecoveryJob' });

export function deliveryView(delivery: Delivery): z.output<typeof deliveryAnswer> {
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

export function attemptView(attempt: Attempt): z.output<typeof attemptAnswer> {
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

export function attemptedDeliveryView(
  facts: DeliveryFacts,
  attemptsTotal: number,
  workflow: NamedWorkflow,
): z.output<typeof attemptedDeliveryAnswer> {
  return {
    ...deliveryView(facts.delivery),
    attempts: facts.attempts.map(attemptView),
    attempts_total: attemptsTotal,
    ...explainedView(facts, workflow),
  };
}

/** A recovery. */
export function jobView(job: RecoveryJob & RecoveryCounts): z.output<typeof jobAnswer> {
  return {
    id: job.id,
    status: recoveryStatusOf(job),
    total: job.total,
    done: job.delivered,
    failed: job.failed,
    created_at: job.createdAt,
  };
}
