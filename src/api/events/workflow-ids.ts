import { dayOf, type Day } from '../../domain/day.js';
import { eventOpeners, type EventOpener } from '../../store/events/event-openers.js';
import type { Queryable } from '../../store/database/pool.js';
import { eventWorkflowId, isBatchWorkflow } from '../../temporal/client/ids.js';

/** The workflows that events are found by in Temporal. */

interface EventName {
  readonly appId: string;
  readonly id: string;
  readonly day: Day;
}

/** The id of a workflow that exists for an event of the log: see `workflowIdBy`. */
export async function workflowIdOf(db: Queryable, event: EventName): Promise<string> {
  const openers = await eventOpeners(db, event.appId, [event]);
  return workflowIdBy(event, openers.get(event.id));
}

/** Events with the ids of workflows that exist for them. */
export async function withWorkflowIds<Event extends Omit<EventName, 'day'> & { readonly createdAt: Date }>(
  db: Queryable,
  events: readonly Event[],
): Promise<(Event & { readonly workflowId: string })[]> {
  const openers = new Map<string, EventOpener>();
  for (const appId of new Set(events.map((event) => event.appId))) {
    const named = events
      .filter((event) => event.appId === appId)
      .map(({ id, createdAt }) => ({ id, day: dayOf(createdAt) }));
    for (const [id, opener] of await eventOpeners(db, appId, named)) openers.set(`${appId}/${id}`, opener);
  }
  return events.map((event) => ({
    ...event,
    workflowId: workflowIdBy(event, openers.get(`${event.appId}/${event.id}`)),
  }));
}

/**
 * An event of a batch gets a workflow of its own when its first attempts have not delivered it. Until the log shows
 * that, and for good where they have, its workflow is the batch's.
 */
function workflowIdBy({ appId, id }: Omit<EventName, 'day'>, opener: EventOpener | undefined): string {
  const isInBatch = opener !== undefined && isBatchWorkflow(opener.openedBy) && !opener.hasGoneOn;
  return isInBatch ? opener.openedBy : eventWorkflowId(appId, id);
}
