import type { App } from '../../domain/app.js';
import { TemporalUnavailable } from '../../temporal/calls.js';
import type { EventInput } from '../../workflows/contract/event.js';
import { acceptedEarlier } from './accepted-earlier.js';
import { problemsWithEvent } from './check-event.js';
import type { ApiContext } from '../context.js';
import { pointerTo } from '../http/json-pointer.js';
import { problems, type FieldError, type Problem } from '../http/problem.js';
import { namedBy, type AcceptedEvent, type SubmittedEvent } from './submitted-event.js';

/**
 * What time, settings and event types have against an event now. They change: an event that was accepted before is not
 * refused for them, and `acceptedBeforeNow` says whether it was.
 */

/**
 * Why an event cannot be accepted now; null if it can. Of a test event, which is the profile's own, the type is right.
 * @throws Problem 503
 */
export async function refusalOf(
  context: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  event: EventInput,
): Promise<Problem | null> {
  const { at, expiresAt } = submitted;
  const size = Buffer.byteLength(JSON.stringify(event.envelope));
  if (size > context.maxEventBytes) {
    const which = at.length === 0 ? "The event's body" : `The body of the event at ${pointerTo(at)}`;
    return problems.bodyTooLarge(
      `${which} would have ${size} bytes. The maximum is ${context.maxEventBytes}.`,
    );
  }
  const errors: FieldError[] = [];
  if (expiresAt !== undefined && expiresAt <= new Date(event.acceptedAt)) {
    errors.push({ pointer: pointerTo([...at, 'expires_at']), detail: 'must be in the future' });
  }
  if (submitted.testEndpointId === undefined) {
    errors.push(...(await problemsWithEvent(context, app, submitted)));
  }
  return errors.length > 0 ? problems.validationFailed(errors) : null;
}

/**
 * The event that was accepted before under an id that the log does not know yet: by this process a moment ago, or by
 * itself, as its workflow began; where that has ended without having delivered it, it is begun again. Null if neither
 * knows one; an id that another process has just accepted in a batch is known to its batch alone.
 * @throws Problem 409 (other content, or dropped), 503
 */
export async function acceptedBeforeNow(
  context: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  event: EventInput,
): Promise<AcceptedEvent | null> {
  if (submitted.namedBy === undefined) return null;
  const { id, eventType } = submitted;
  const first = context.acceptedIds.get(app.id, id);
  if (first) {
    if (first.contentHash !== event.contentHash) throw problems.eventConflict(namedBy(submitted));
    const { workflowId } = first;
    return {
      id,
      appId: app.id,
      eventType,
      createdAt: new Date(first.acceptedAt),
      status: 'pending',
      workflowId,
    };
  }
  try {
    const isKnown = (await context.workflows.findEvent(app.id, id)) !== null;
    return isKnown ? await acceptedEarlier(context, app, submitted, event) : null;
  } catch (error) {
    if (!(error instanceof TemporalUnavailable)) throw error;
    throw problems.temporalUnavailable({ event_id: id });
  }
}
