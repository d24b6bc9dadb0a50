import { forEachConcurrent } from '../../lib/for-each-concurrent.js';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import type { CarriedEvent } from '../../workflows/contract/event.js';
import type { BatchInput, LeftEvent, OpenedBatch } from '../../workflows/contract/batch.js';
import type { FirstAttempt } from '../../workflows/contract/delivery.js';
import { keptSchedules, type KeptSchedules } from '../../workflows/kept-schedules.js';
import type { Dependencies, RecordingDependencies } from '../dependencies.js';
import { currentActivity, openTogether, type Opened } from './open-events.js';

const CALLS_AT_ONCE = 10;

/** Records the events of a part of a batch, and makes the first attempts to endpoints that answer fast. */
export function openBatchActivity(deps: RecordingDependencies) {
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
    const schedules = keptSchedules(
      opened.flatMap((each) => (each.kind === 'opened' ? each.deliveries : [])),
    );
    return {
      ...(schedules ? { schedules } : {}),
      toCarryOn: opened.flatMap((each, index) => (hasMoreToDo(each) ? [{ index, ...attemptsOf(each) }] : [])),
      ignored: opened.filter(({ kind }) => kind === 'ignored').length,
    };
  };
}

/** Starts a workflow for each event that is to be carried on; one that carries it on already goes on. */
export function carryOnActivity(deps: Dependencies) {
  return (events: readonly CarriedEvent[], schedules?: KeptSchedules): Promise<void> =>
    forEachConcurrent(CALLS_AT_ONCE, events, (event) =>
      deps.workflows.carryOn(event.openedBefore || !schedules ? event : { ...event, schedules }),
    );
}

/** Of what was opened before, the log knows what is left, and the event's own workflow asks it. */
function hasMoreToDo(opened: Opened): boolean {
  return opened.kind === 'again' || (opened.kind === 'opened' && opened.deliveries.length > 0);
}

/** What the log does not know of an event's first attempts. */
function attemptsOf(opened: Opened): Omit<LeftEvent, 'index'> {
  if (opened.kind === 'again') return { openedBefore: true };
  const deliveries = opened.kind === 'opened' ? opened.deliveries : [];
  const known = deliveries.flatMap(({ id, first }) => (isUnknownToLog(first) ? [[id, first] as const] : []));
  return known.length === 0 ? {} : { firstAttempts: Object.fromEntries(known) };
}

function isUnknownToLog(first: FirstAttempt): boolean {
  return first.kind === 'in_flight' || (first.kind === 'answered' && first.step.kind === 'unrecorded');
}
