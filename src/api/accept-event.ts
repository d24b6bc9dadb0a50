import { eventInputOf } from '../delivery/event-input.js';
import type { App } from '../store/apps.js';
import { isDatabaseUnavailable } from '../store/errors.js';
import { findEventKey } from '../store/events.js';
import { TemporalUnavailable } from '../temporal/calls.js';
import type { EventInput } from '../workflows/contract.js';
import { problemsWithEvent } from './check-event.js';
import type { ApiContext } from './context.js';
import { problems } from './problem.js';
import {
  acceptedBefore,
  assertFits,
  conflictWithAccepted,
  expiryProblem,
  hasExpired,
  namedBy,
  type AcceptedEvent,
  type SubmittedEvent,
} from './submitted-event.js';

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
  const event = eventInputOf(app, submitted, acceptedAt, (envelope) =>
    assertFits(context, envelope, submitted.at),
  );
  if (submitted.namedBy !== undefined) {
    const first = await fromLog(context, app, submitted, event.contentHash);
    if (first) return first;
  }
  // A repetition of what was accepted in time is none of this.
  if (hasExpired(submitted, acceptedAt)) throw problems.validationFailed([expiryProblem(submitted)]);
  // A test event is the profile's own.
  if (submitted.testEndpointId === undefined) {
    const errors = await problemsWithEvent(context, app, submitted);
    if (errors.length > 0) throw problems.validationFailed(errors);
  }
  if (submitted.namedBy === undefined) return start(context, app, submitted, event);
  return context.acceptedIds.inTurn(app.id, [submitted.id], async () => {
    const conflict = conflictWithAccepted(context, app, submitted, event.contentHash);
    if (conflict) throw conflict;
    const accepted = await start(context, app, submitted, event);
    context.acceptedIds.remember(app.id, submitted.id, event.contentHash);
    return accepted;
  });
}

async function start(
  context: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  event: EventInput,
): Promise<AcceptedEvent> {
  try {
    if ((await context.workflows.startEvent(event)) === 'started') {
      const { eventId: id, eventType, acceptedAt } = event;
      return { id, appId: app.id, eventType, createdAt: new Date(acceptedAt), status: 'pending' };
    }
    return await fromTemporal(context, app, submitted, event.contentHash);
  } catch (error) {
    if (error instanceof TemporalUnavailable && submitted.testEndpointId === undefined) {
      throw problems.temporalUnavailable({ event_id: event.eventId });
    }
    throw error;
  }
}

/** The event that was accepted before under this id, as the log has it; null if the log knows none, or is away. */
async function fromLog(
  context: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  contentHash: string,
): Promise<AcceptedEvent | null> {
  try {
    const key = await findEventKey(context.pool, app.id, submitted.id);
    if (key) context.acceptedIds.forget(app.id, submitted.id);
    return key && (await acceptedBefore(context, app, submitted, key, contentHash));
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    context.logger.warn({ err: error }, 'an event id could not be looked up; opening the event decides');
    return null;
  }
}

/** The event that was accepted before under this id, as its workflow began. */
async function fromTemporal(
  { workflows }: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  contentHash: string,
): Promise<AcceptedEvent> {
  const first = await workflows.findEvent(app.id, submitted.id);
  // It was there a moment ago: Temporal's retention has just ended.
  if (!first) throw problems.temporalUnavailable({ event_id: submitted.id });
  if (first.contentHash !== contentHash) {
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
