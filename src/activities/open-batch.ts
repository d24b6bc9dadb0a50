import { atOnce } from '../at-once.js';
import { scheduleFor } from '../delivery/schedule-choice.js';
import { deliveriesOfWorkflow } from '../store/deliveries.js';
import { dayOf } from '../store/partitions.js';
import { eventWorkflowId } from '../temporal/event-workflows.js';
import type { BatchInput, CarriedEvent, EventInput, OpenedBatch } from '../workflows/contract.js';
import { beginOrSettle } from './begin-attempt.js';
import type { Dependencies } from './dependencies.js';
import { deletedEndpoint } from './open-delivery.js';
import { openTogether, type Opened } from './open-events.js';

const CALLS_AT_ONCE = 10;

/** Records the events of a part of a batch, and makes the first attempts to endpoints that answer fast. */
export function openBatchActivity(deps: Dependencies) {
  return async ({ events, ...common }: BatchInput, runId: string): Promise<OpenedBatch> => {
    const given = events.map((event) => ({ ...event, ...common }));
    const opened = await openTogether(
      deps,
      given.map((event) => ({ event, workflowId: eventWorkflowId(event.appId, event.eventId), runId })),
      { probing: true },
    );
    const left: number[] = [];
    const underWay: { index: number; deliveryIds: readonly string[] }[] = [];
    await atOnce(CALLS_AT_ONCE, opened.entries(), async ([index, each]) => {
      const event = given[index];
      if (!event) throw new Error('something was opened that was not given');
      const deliveryIds = deliveriesUnderWay(each);
      if (deliveryIds.length > 0) underWay.push({ index, deliveryIds });
      else if (await hasMoreToDo(deps, event, each)) left.push(index);
    });
    return { left, underWay, ignored: opened.filter(({ kind }) => kind === 'ignored').length };
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
    .filter(
      ({ firstAttempt, first, notBefore }) => firstAttempt === 'local' && !first && notBefore === undefined,
    )
    .map(({ id }) => id);
}

async function hasMoreToDo(deps: Dependencies, event: EventInput, opened: Opened): Promise<boolean> {
  if (opened.kind === 'ignored') return false;
  if (opened.kind === 'opened') return opened.deliveries.length > 0;
  const { appId, eventId: id } = event;
  const of = { appId, id, day: dayOf(new Date(event.acceptedAt)) };
  const deliveries = await deliveriesOfWorkflow(deps.pool, of, eventWorkflowId(appId, id));
  // Whoever ended one may have died before telling of it: an attempt of what has ended tells, and begins nothing.
  const { app, endpoints } = opened.routes;
  for (const { id: deliveryId, endpointId, completedAt } of deliveries) {
    const endpoint = endpoints.find((each) => each.id === endpointId) ?? deletedEndpoint(endpointId);
    if (completedAt) await beginOrSettle(deps, deliveryId, 1, scheduleFor(app, endpoint));
  }
  return deliveries.some(({ completedAt }) => completedAt === null);
}
