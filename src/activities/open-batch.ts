import { atOnce } from '../at-once.js';
import { eventWorkflowId } from '../temporal/workflow-ids.js';
import type { BatchInput, CarriedEvent, OpenedBatch, UnrecordedOutcome } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import { currentActivity, openTogether, type Opened } from './open-events.js';

const CALLS_AT_ONCE = 10;

/** Records the events of a part of a batch, and makes the first attempts to endpoints that answer fast. */
export function openBatchActivity(deps: Dependencies) {
  return async ({ events, ...common }: BatchInput, openedBy: string): Promise<OpenedBatch> => {
    const { appId } = common;
    const opened = await openTogether(
      deps,
      appId,
      events.map((event) => ({
        event: { ...event, ...common },
        workflowId: eventWorkflowId(appId, event.eventId),
        openedBy,
      })),
      { probing: true, opener: currentActivity() },
    );
    const left: number[] = [];
    const underWay: { index: number; deliveryIds: readonly string[] }[] = [];
    for (const [index, each] of opened.entries()) {
      const deliveryIds = deliveriesUnderWay(each);
      if (deliveryIds.length > 0) underWay.push({ index, deliveryIds });
      else if (hasMoreToDo(each)) left.push(index);
    }
    const unrecorded = opened.flatMap(outcomesUnrecorded);
    return {
      left,
      underWay,
      ignored: opened.filter(({ kind }) => kind === 'ignored').length,
      ...(unrecorded.length === 0 ? {} : { unrecorded }),
    };
  };
}

/** Starts a workflow for each event that is to be carried on; one that carries it on already goes on. */
export function carryOnActivity(deps: Dependencies) {
  return (events: readonly CarriedEvent[]): Promise<void> =>
    atOnce(CALLS_AT_ONCE, events, (event) => deps.workflows.carryOn(event));
}

function deliveriesUnderWay(opened: Opened): string[] {
  if (opened.kind !== 'opened') return [];
  return opened.deliveries
    .filter(({ firstAttempt, first }) => firstAttempt === 'local' && !first)
    .map(({ id }) => id);
}

/** Of what was opened before, the log knows what is left, and the event's own workflow asks it. */
function hasMoreToDo(opened: Opened): boolean {
  return opened.kind === 'again' || (opened.kind === 'opened' && opened.deliveries.length > 0);
}

function outcomesUnrecorded(opened: Opened): UnrecordedOutcome[] {
  if (opened.kind !== 'opened') return [];
  return opened.deliveries.flatMap(({ first }) => (first?.kind === 'unrecorded' ? [first.outcome] : []));
}
