import { z } from 'zod';
import { EVENT_STATUSES, type EventStatus } from '../../store/events.js';
import type { LiveEvent } from '../../temporal/running-workflows.js';
import { eventWorkflowId } from '../../temporal/workflow-ids.js';
import { attemptedDeliveryAnswer } from './deliveries.js';
import { time } from './fields.js';

/** Events as the API shows them. */

const eventFields = {
  id: z.string(),
  app_id: z.uuid(),
  event_type: z.string(),
  created_at: time,
  status: z.enum(EVENT_STATUSES).describe('The latest delivery to each endpoint counts.'),
  workflow_id: z
    .string()
    .describe(
      'What Temporal knows it by. An event that its batch delivered at once has no workflow of its own.',
    ),
};

export const eventAnswer = z.object(eventFields).meta({ id: 'Event' });

const liveAnswer = z
  .object({
    workflow_status: z.string(),
    pending_attempts: z
      .array(
        z.object({
          retries: z.number(),
          next_attempt_at: time.nullable(),
          last_failure: z.string().nullable(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'LiveEvent' });

export const wholeEventAnswer = z
  .object({
    ...eventFields,
    data: z.unknown(),
    deliveries: z.array(attemptedDeliveryAnswer).readonly(),
    live: liveAnswer.nullable().optional().describe('What Temporal knows now, with `live=true`.'),
  })
  .meta({ id: 'EventWithDeliveries' });

export function eventView(event: {
  id: string;
  appId: string;
  eventType: string;
  createdAt: Date;
  status: EventStatus;
}): z.output<typeof eventAnswer> {
  return {
    id: event.id,
    app_id: event.appId,
    event_type: event.eventType,
    created_at: event.createdAt,
    status: event.status,
    workflow_id: eventWorkflowId(event.appId, event.id),
  };
}

/** What Temporal knows of an event beside the log. */
export function liveView(live: LiveEvent | null): z.output<typeof liveAnswer> | null {
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
