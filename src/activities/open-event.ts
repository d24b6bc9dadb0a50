import { deliveriesOfWorkflow, type Delivery } from '../store/deliveries.js';
import { dayOf } from '../store/partitions.js';
import type { Routes } from '../store/routing.js';
import type { App } from '../store/apps.js';
import type { CarriedEvent, EventInput, Opening, OpenDelivery } from '../workflows/contract.js';
import { currentWorkflowId } from './current-workflow.js';
import type { Dependencies } from './dependencies.js';
import { deletedEndpoint, openDelivery } from './open-delivery.js';
import { openTogether } from './open-events.js';

/**
 * Records an event with one delivery for each endpoint that it matches, and makes the first attempts to endpoints
 * that answer fast; of an event that a batch has opened, it gives what that has left.
 */
export function openEventActivity(deps: Dependencies) {
  return async (event: EventInput | CarriedEvent, firstRunId: string): Promise<Opening> => {
    const workflowId = currentWorkflowId();
    if ('openedBy' in event) {
      const { app, endpoints } = await deps.routing.ofNow(event.appId);
      if (!app) return { kind: 'ignored', why: 'application_deleted' };
      return carried(await recorded(deps, event, workflowId), { app, endpoints }, event);
    }
    const [opened] = await openTogether(deps, [{ event, workflowId, runId: firstRunId }], {
      probing: false,
    });
    if (!opened) throw new Error('nothing was opened');
    if (opened.kind !== 'again') return opened;
    const deliveries = await recorded(deps, event, workflowId);
    return {
      kind: 'opened',
      deliveries: deliveries.map((delivery) => queued(delivery, opened.routes, event)),
    };
  };
}

type Found = Routes & { readonly app: App };
type Common = Pick<EventInput, 'appId' | 'eventId' | 'acceptedAt' | 'deliverAt'>;

function recorded(deps: Dependencies, event: Common, workflowId: string): Promise<Delivery[]> {
  const day = dayOf(new Date(event.acceptedAt));
  return deliveriesOfWorkflow(deps.pool, { day, appId: event.appId, id: event.eventId }, workflowId);
}

/** A delivery as it was recorded; queued, because the log knows what has become of it. */
function queued(
  { id, endpointId, trigger }: Delivery,
  { app, endpoints }: Found,
  event: Common,
): OpenDelivery {
  const endpoint = endpoints.find((each) => each.id === endpointId) ?? deletedEndpoint(endpointId);
  return openDelivery(app, endpoint, {
    id,
    once: trigger === 'test',
    firstAttempt: 'queued',
    notBefore: event.deliverAt ?? null,
  });
}

/** What a batch has left: who had to be told of what it has not left was told there. */
function carried(deliveries: readonly Delivery[], found: Found, event: Common): Opening {
  const delivered = deliveries.filter(({ completedAt, status }) => completedAt && status === 'delivered');
  return {
    kind: 'opened',
    deliveries: deliveries
      .filter((delivery) => !delivered.includes(delivery))
      .map((delivery) => queued(delivery, found, event)),
    delivered: delivered.map(({ id, endpointId, lastStatusCode: statusCode }) => ({
      id,
      endpointId,
      statusCode,
    })),
  };
}
