import { eventInputOf, type GivenEvent } from '../delivery/event-input.js';
import type { App } from '../store/apps.js';
import { isDatabaseUnavailable } from '../store/errors.js';
import { eventStatusOf, findEvent, findEventKey, type EventStatus } from '../store/events.js';
import { TemporalUnavailable } from '../temporal/calls.js';
import { checkEvent } from './check-event.js';
import type { ApiContext } from './context.js';
import { problems } from './problem.js';

export interface SubmittedEvent extends GivenEvent {
  /** Set when the caller chose the id, so that it may be known already: where it did. */
  readonly namedBy?: { readonly pointer: string } | { readonly parameter: string };
}

export interface AcceptedEvent {
  readonly id: string;
  readonly appId: string;
  readonly eventType: string;
  readonly createdAt: Date;
  readonly status: EventStatus;
}

/**
 * Makes an event durable, with one write: the start of its workflow. An id that was accepted before gives that
 * first event, if the content is the same.
 *
 * The log is asked first about ids that the caller chose, because it remembers them for longer than Temporal; if it
 * cannot be reached, opening the event decides instead, and delivers nothing twice.
 * @throws Problem 409 (other content, or dropped), 413, 422 (its type or data), 503
 */
export async function acceptEvent(
  context: ApiContext,
  app: App,
  submitted: SubmittedEvent,
): Promise<AcceptedEvent> {
  const acceptedAt = new Date();
  const event = eventInputOf(app, submitted, acceptedAt);
  const contentHash = Buffer.from(event.contentHash, 'hex');
  const size = Buffer.byteLength(JSON.stringify(event.envelope));
  if (size > context.maxEventBytes) {
    throw problems.bodyTooLarge(
      `The event's body would have ${size} bytes, and may have ${context.maxEventBytes}.`,
    );
  }

  if (submitted.namedBy !== undefined) {
    const first = await fromLog(context, app, submitted, contentHash);
    if (first) return first;
  }
  // A repetition of what was accepted in time is none of this.
  if (submitted.expiresAt && submitted.expiresAt <= acceptedAt) {
    throw problems.validationFailed([{ pointer: '/expires_at', detail: 'must be in the future' }]);
  }
  // A test event is the profile's own.
  if (submitted.testEndpointId === undefined) await checkEvent(context, app, submitted);
  try {
    if ((await context.workflows.startEvent(event)) === 'started') {
      const { eventId: id, eventType } = event;
      return { id, appId: app.id, eventType, createdAt: acceptedAt, status: 'pending' };
    }
    return await fromTemporal(context, app, submitted, contentHash);
  } catch (error) {
    if (error instanceof TemporalUnavailable && submitted.testEndpointId === undefined) {
      throw problems.temporalUnavailable(event.eventId);
    }
    throw error;
  }
}

function namedBy(submitted: SubmittedEvent) {
  return submitted.namedBy ?? { pointer: '/id' };
}

/**
 * The event that was accepted before under this id, as the log has it; null if the log knows none, or is away.
 * @throws Problem 409 when its content was another, or it has been dropped
 */
async function fromLog(
  { pool, retentionDays, logger }: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  contentHash: Buffer,
): Promise<AcceptedEvent | null> {
  try {
    const key = await findEventKey(pool, app.id, submitted.id);
    if (!key) return null;
    if (!key.contentHash.equals(contentHash)) throw problems.eventConflict(namedBy(submitted));
    const event = await findEvent(pool, app.id, submitted.id);
    // A key is written with its event, and outlives it.
    if (!event) throw problems.eventDropped(namedBy(submitted), key.day, retentionDays);
    return { ...event, status: await eventStatusOf(pool, event) };
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    logger.warn({ err: error }, 'an event id could not be looked up; opening the event decides');
    return null;
  }
}

/** The event that was accepted before under this id, as its workflow began. */
async function fromTemporal(
  { workflows }: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  contentHash: Buffer,
): Promise<AcceptedEvent> {
  const first = await workflows.findEvent(app.id, submitted.id);
  // It was there a moment ago: Temporal's retention has just ended.
  if (!first) throw problems.temporalUnavailable(submitted.id);
  if (first.contentHash !== contentHash.toString('hex')) {
    throw problems.eventConflict(namedBy(submitted));
  }
  return {
    id: first.eventId,
    appId: first.appId,
    eventType: first.eventType,
    createdAt: new Date(first.acceptedAt),
    status: 'pending',
  };
}
