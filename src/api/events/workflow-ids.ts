import type { Day } from '../../domain/day.js';
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

/** The same for events of one application, by event id. */
export async function workflowIdsOf(
  db: Queryable,
  appId: string,
  events: readonly EventName[],
): Promise<Map<string, string>> {
  const openers = await eventOpeners(db, appId, events);
  return new Map(events.map((event) => [event.id, workflowIdBy(event, openers.get(event.id))]));
}

/**
 * An event of a batch gets a workflow of its own when its first attempts have not delivered it. Until the log shows
 * that, and for good where they have, its workflow is the batch's.
 */
function workflowIdBy({ appId, id }: EventName, opener: EventOpener | undefined): string {
  const isInBatch = opener !== undefined && isBatchWorkflow(opener.openedBy) && !opener.hasGoneOn;
  return isInBatch ? opener.openedBy : eventWorkflowId(appId, id);
}
