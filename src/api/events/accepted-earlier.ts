import type { App } from '../../domain/app.js';
import { findEventKey } from '../../store/events/events.js';
import { isDatabaseUnavailable } from '../../store/database/errors.js';
import { dayOf } from '../../domain/day.js';
import type { WorkflowStanding } from '../../temporal/client/known.js';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import { carryOnMissing } from '../../upkeep/carry-on.js';
import {
  isCarried,
  type CarriedEvent,
  type EventInput,
  type EventResult,
} from '../../workflows/contract/event.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { acceptedBefore, namedBy, type AcceptedEvent, type SubmittedEvent } from './submitted-event.js';

/** Another request, or the search for missing workflows, may start the workflow in between. */
const TRIES = 3;

/**
 * The event that was accepted under an id which Temporal knows. It has been delivered, or is being: where its workflow
 * has ended without that, and the log does not know the event, it is begun again, as it was accepted.
 * @throws Problem 409 (other content, or dropped), 503
 */
export async function acceptedEarlier(
  context: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  event: EventInput,
): Promise<AcceptedEvent> {
  const { workflows } = context;
  const workflowId = eventWorkflowId(app.id, submitted.id);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const standing = await workflows.standingOf(workflowId);
    const first = await workflows.findEvent(app.id, submitted.id);
    // It was there a moment ago: Temporal's retention has just ended.
    if (!first) break;
    if (first.contentHash !== event.contentHash) throw problems.eventConflict(namedBy(submitted));
    if (standing.kind === 'running') return answerFor(first, 'pending');
    // Only now: a workflow writes to PostgreSQL before it ends.
    const stored = await fromLog(context, app, submitted, { event, workflowId, standing });
    if (stored) return stored;
    const result = eventResultOf(standing);
    if (isDone(result)) return answerFor(first, result.status);
    const again = isCarried(first) ? event : first;
    const mayRepeat = result?.status === 'ignored' ? {} : ({ mayRepeat: true } as const);
    const { kind } = await workflows.startEvent({ ...again, ...mayRepeat }, { again: true });
    if (kind !== 'exists') return answerFor(again, 'pending');
  }
  throw problems.temporalUnavailable({ event_id: submitted.id });
}

/** The event as PostgreSQL has it; null if it has none. If its workflow is missing, it is carried on. */
async function fromLog(
  context: ApiContext,
  app: App,
  submitted: SubmittedEvent,
  known: {
    readonly event: EventInput;
    readonly workflowId: string;
    readonly standing: WorkflowStanding;
  },
): Promise<AcceptedEvent | null> {
  const { event, workflowId, standing } = known;
  try {
    const key = await findEventKey(context.pool, app.id, submitted.id);
    if (!key) return null;
    const accepted = await acceptedBefore(context, app, submitted, key, event.contentHash);
    if (accepted.status === 'pending') {
      const { id, appId, createdAt } = accepted;
      await carryOnMissing(context, { workflowId, event: { id, appId, day: dayOf(createdAt) } });
    }
    return accepted;
  } catch (error) {
    // A delivered event needs no look-up. For anything else, nobody can tell now.
    if (isDatabaseUnavailable(error) && isDone(eventResultOf(standing))) return null;
    throw error;
  }
}

function eventResultOf(standing: WorkflowStanding): EventResult | null {
  const { result } = standing.kind === 'closed' ? standing : { result: null };
  return result && 'deliveries' in result ? result : null;
}

/** Whether an event with this result is finished. */
export function isDone(
  result: EventResult | null,
): result is EventResult & { readonly status: 'delivered' | 'failed' | 'unmatched' } {
  return result?.status === 'delivered' || result?.status === 'failed' || result?.status === 'unmatched';
}

function answerFor(
  { eventId: id, appId, eventType, acceptedAt }: EventInput | CarriedEvent,
  status: AcceptedEvent['status'],
): AcceptedEvent {
  const workflowId = eventWorkflowId(appId, id);
  return { id, appId, eventType, createdAt: new Date(acceptedAt), status, workflowId };
}
