import { z } from 'zod';
import { EVENT_STATUSES, type EventStatus } from '../../domain/event.js';
import type { LiveEvent } from '../../temporal/client/running.js';
import { attemptedDeliveryAnswer } from '../deliveries/views.js';
import { time } from '../http/view-fields.js';

/** Events as the API shows them. */

const eventFields = {
  id: z.string(),
  app_id: z.uuid(),
  event_type: z.string(),
  created_at: time,
  status: z.enum(EVENT_STATUSES).describe('Only the latest delivery to each endpoint counts.'),
  workflow_id: z
    .string()
    .describe('The id of its workflow in Temporal: the batch that it came in, until it has one of its own.'),
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
    deliveries: z
      .array(attemptedDeliveryAnswer)
      .readonly()
      .describe('The newest ones, the oldest of them first, each with its newest attempts.'),
    deliveries_total: z.number().describe('How many there are. `…/deliveries?event_id=` lists all.'),
    live: liveAnswer
      .nullable()
      .optional()
      .describe('What Temporal knows at this moment; only with `live=true`.'),
  })
  .meta({ id: 'EventWithDeliveries' });

export function eventView(event: {
  id: string;
  appId: string;
  eventType: string;
  createdAt: Date;
  status: EventStatus;
  workflowId: string;
}): z.output<typeof eventAnswer> {
  return {
    id: event.id,
    app_id: event.appId,
    event_type: event.eventType,
    created_at: event.createdAt,
    status: event.status,
    workflow_id: event.workflowId,
  };
}

/** What Temporal knows about an event. */
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

/** An event shows this many of its newest deliveries, and of each this many of its newest attempts. */
export const SHOWN_DELIVERIES = 100;
export const SHOWN_ATTEMPTS = 20;
/** In an answer that would be larger, the bodies of attempts are cut after `CUT_AT` characters. */
const ANSWER_BYTES = 1_000_000;
export const CUT_AT = 2_000;
/** A character takes at most six bytes of JSON, so a small answer need not be measured. */
const LONGEST_ESCAPE = 6;
/** Bytes that parts of an answer take at most, bodies apart. */
const LONGEST = { delivery: 4_000, attempt: 1_000, attemptAhead: 80 };

/** Bytes left for the bodies of the attempts of an event whose own body has `bodyBytes`. */
export function bytesForAttempts(bodyBytes: number): number {
  return Math.max(0, ANSWER_BYTES - bodyBytes);
}

/** The same deliveries with their attempts' bodies cut where the answer would be too large, escapes and all. */
export function withinBounds(
  deliveries: readonly z.output<typeof attemptedDeliveryAnswer>[],
  bodyBytes: number,
): readonly z.output<typeof attemptedDeliveryAnswer>[] {
  const characters = deliveries
    .flatMap(({ attempts }) => attempts)
    .reduce((sum, { response_body }) => sum + (response_body?.length ?? 0), 0);
  const withoutBodies = deliveries.reduce(
    (sum, { attempts, schedule_ahead: ahead }) =>
      sum + LONGEST.delivery + attempts.length * LONGEST.attempt + ahead.length * LONGEST.attemptAhead,
    bodyBytes,
  );
  if (characters * LONGEST_ESCAPE + withoutBodies < ANSWER_BYTES) return deliveries;
  if (Buffer.byteLength(JSON.stringify(deliveries)) + bodyBytes < ANSWER_BYTES) return deliveries;
  return deliveries.map((delivery) => ({
    ...delivery,
    attempts: delivery.attempts.map((attempt) => ({
      ...attempt,
      response_body: attempt.response_body && cut(attempt.response_body),
    })),
  }));
}

/** Cuts between characters, never within a surrogate pair. */
function cut(text: string): string {
  return text.length <= CUT_AT ? text : [...text.slice(0, 2 * CUT_AT)].slice(0, CUT_AT).join('');
}
