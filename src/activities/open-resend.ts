import { endpointsForStored } from '../delivery/matching.js';
import { deliveryIdOf } from '../delivery/delivery-id.js';
import { profileById } from '../profiles/index.js';
import { findApp, type App } from '../store/apps.js';
import { endpointsOfApp, findEndpoint } from '../store/endpoints.js';
import { findEvent, findEventOf, type StoredEvent } from '../store/events.js';
import { addDeliveries } from '../store/event-openings.js';
import { holdDays } from '../store/partitions.js';
import { inTransaction } from '../store/pool.js';
import type { Opening, ResendInput } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import { currentWorkflowId } from './current-workflow.js';
import { deletedEndpoint, openDelivery, type EndpointToOpen } from './open-delivery.js';

/** Its day has been dropped from the log. */
const UNKNOWN: Opening = { kind: 'ignored', why: 'event_unknown' };

/** Adds new deliveries to an event in the log: a resend's, or a recovery's. */
export function openResendActivity(deps: Dependencies) {
  return async (resend: ResendInput): Promise<Opening> => {
    const app = await findApp(deps.pool, resend.appId);
    if (!app) return { kind: 'ignored', why: 'application_deleted' };
    const event = await findEvent(deps.pool, app.id, resend.eventId);
    if (!event) return UNKNOWN;
    const endpoints = await endpointsFor(deps, app, event, resend);
    const workflowId = currentWorkflowId();
    const deliveries = endpoints.map((endpoint) =>
      openDelivery(app, endpoint, {
        id: deliveryIdOf(event.createdAt, workflowId, endpoint.id),
        // What is recovered is tried as it would have been; somebody looks at the answer to a resend.
        once: resend.jobId === undefined,
        firstAttempt: 'queued',
        notBefore: null,
      }),
    );
    const trigger = resend.jobId === undefined ? 'resend' : 'recover';
    const cause = { trigger, workflowId, jobId: resend.jobId ?? null } as const;
    return inTransaction(deps.pool, async (client) => {
      await holdDays(client, [event.day]);
      if (!(await findEventOf(client, event))) return UNKNOWN;
      await addDeliveries(client, event, deliveries, cause, deps.now());
      return { kind: 'opened', deliveries };
    });
  };
}

async function endpointsFor(
  { pool }: Dependencies,
  app: App,
  event: StoredEvent,
  { endpointId, jobId }: ResendInput,
): Promise<readonly EndpointToOpen[]> {
  if (endpointId === undefined) {
    const all = await endpointsOfApp(pool, app.id);
    return endpointsForStored(profileById(app.profile), event, all).filter(({ enabled }) => enabled);
  }
  const endpoint = await findEndpoint(pool, app.id, endpointId);
  if (endpoint) return [endpoint];
  // A recovery has recorded the delivery already: it must end.
  return jobId === undefined ? [] : [deletedEndpoint(endpointId)];
}
