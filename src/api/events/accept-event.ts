import { eventInputOf } from '../../routing/event-input.js';
import type { App } from '../../domain/app.js';
import { isDatabaseUnavailable } from '../../store/database/errors.js';
import { findEventKey } from '../../store/events/events.js';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import { TemporalUnavailable } from '../../temporal/calls.js';
import type { EventInput } from '../../workflows/contract/event.js';
import { acceptedEarlier } from './accepted-earlier.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { acceptedBeforeNow, refusalOf } from './refusals.js';
import {
  acceptedBefore,
  conflictWithAccepted,
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
  const event = eventInputOf(app, submitted, context.now());
  const { contentHash } = event;
  if (submitted.namedBy === undefined) {
    const refusal = await refusalOf(context, app, submitted, event);
    if (refusal) throw refusal;
    return start(context, app, submitted, event);
  }
  const first = await fromLog(context, app, submitted, contentHash);
  if (first) return first;
  const refusal = await refusalOf(context, app, submitted, event);
  return context.acceptedIds.inTurn(app.id, [submitted.id], async () => {
    if (refusal) {
      const accepted = await acceptedBeforeNow(context, app, submitted, event);
      if (!accepted) throw refusal;
      return accepted;
    }
    const conflict = conflictWithAccepted(context, app, submitted, contentHash);
    if (conflict) throw conflict;
    const accepted = await start(context, app, submitted, event);
    const acceptedAt = accepted.createdAt.toISOString();
    const { workflowId } = accepted;
    context.acceptedIds.remember(app.id, submitted.id, { contentHash, acceptedAt, workflowId });
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
    const { kind } = await context.workflows.startEvent(event);
    if (kind !== 'exists') {
      const { eventId: id, eventType, acceptedAt } = event;
      const workflowId = eventWorkflowId(app.id, id);
      return { id, appId: app.id, eventType, createdAt: new Date(acceptedAt), status: 'pending', workflowId };
    }
    return await acceptedEarlier(context, app, submitted, event);
  } catch (error) {
    if (error instanceof TemporalUnavailable && submitted.testEndpointId === undefined) {
      throw problems.temporalUnavailable({ event_id: event.eventId });
    }
    throw error;
  }
}

/** The event that was accepted before under this id, as PostgreSQL has it; null if it has none, or is away. */
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
    context.logger.warn(
      { err: error },
      'could not look up an event id; it is checked when the event is recorded',
    );
    return null;
  }
}
