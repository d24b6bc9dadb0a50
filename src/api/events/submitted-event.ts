import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { GivenEvent } from '../../routing/event-input.js';
import type { EventStatus } from '../../domain/event.js';
import type { Profile } from '../../profiles/profile.js';
import type { App } from '../../domain/app.js';
import { findEventOf, eventStatusOf, type EventKey } from '../../store/events/events.js';
import type { ApiContext } from '../context.js';
import { IDEMPOTENCY_KEY } from '../http/idempotency-key.js';
import { pointerTo } from '../http/json-pointer.js';
import { problems, type FieldPlace, type Problem } from '../http/problem.js';
import type { newEventBody } from './requests.js';
import { workflowIdOf } from './workflow-ids.js';

/** An event as a request gives it. */
export interface SubmittedEvent extends GivenEvent {
  /** Where it stands in the body. */
  readonly at: readonly PropertyKey[];
  /** Set when the caller chose the id, so that it may be known already: where it did. */
  readonly namedBy?: FieldPlace;
}

export interface AcceptedEvent {
  readonly id: string;
  readonly appId: string;
  readonly eventType: string;
  readonly createdAt: Date;
  readonly status: EventStatus;
  /** A workflow that exists: its own, or the batch that it came in. */
  readonly workflowId: string;
}

/**
 * @param keyBytes of the request's `Idempotency-Key`: the event's id comes from it where the body gives none
 * @param at where the event stands in the body
 */
export function submittedEvent(
  profile: Profile,
  body: z.output<ReturnType<typeof newEventBody>>,
  keyBytes: Buffer | undefined,
  at: readonly PropertyKey[],
): SubmittedEvent {
  const derived = keyBytes && profile.eventId.fromBytes(keyBytes);
  return {
    id: body.id ?? derived ?? profile.eventId.fromBytes(randomBytes(32)),
    eventType: body.event_type,
    data: body.data,
    attributes: body.attributes,
    deliverAt: body.deliver_at,
    expiresAt: body.expires_at,
    at,
    ...(body.id !== undefined
      ? { namedBy: { pointer: pointerTo([...at, 'id']) } }
      : derived !== undefined
        ? { namedBy: { parameter: IDEMPOTENCY_KEY } }
        : {}),
  };
}

/**
 * The event that was accepted before under an id.
 * @param key what the log remembers of it
 * @throws Problem 409 when its content was another, or it has been dropped
 */
export async function acceptedBefore(
  { pool, retentionDays }: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  key: EventKey,
  contentHash: string,
): Promise<AcceptedEvent> {
  if (key.contentHash.toString('hex') !== contentHash) throw problems.eventConflict(namedBy(submitted));
  const event = await findEventOf(pool, { day: key.day, appId: app.id, id: submitted.id });
  // A key is written with its event, and outlives it.
  if (!event) throw problems.eventDropped(namedBy(submitted), key.day, retentionDays);
  const workflowId = await workflowIdOf(pool, event);
  return { ...event, status: await eventStatusOf(pool, event), workflowId };
}

/** What is wrong with a submission when this process has just accepted its id with other content; null if it has not. */
export function conflictWithAccepted(
  { acceptedIds }: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  contentHash: string,
): Problem | null {
  const known = acceptedIds.get(app.id, submitted.id)?.contentHash;
  return known === undefined || known === contentHash ? null : problems.eventConflict(namedBy(submitted));
}

/** What named the event: its id, or the header that the id was derived from. */
export function namedBy({ namedBy: place, at }: SubmittedEvent): FieldPlace {
  return place ?? { pointer: pointerTo([...at, 'id']) };
}
