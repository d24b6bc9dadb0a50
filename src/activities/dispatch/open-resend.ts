import { dayOf } from '../../domain/day.js';
import type { StoredEvent } from '../../domain/event.js';
import type { App } from '../../domain/app.js';
import { deliveryIdOf } from '../../domain/delivery-id.js';
import { findApp } from '../../store/apps/apps.js';
import { deliveriesOfWorkflow } from '../../store/deliveries/deliveries.js';
import { endpointsOfApp, findEndpoint } from '../../store/endpoints/endpoints.js';
import { findEvent, findEventKey, findEventOf } from '../../store/events/events.js';
import { addDeliveries } from '../../store/events/event-openings.js';
import { holdDays } from '../../store/database/partitions.js';
import { inTransaction } from '../../store/database/pool.js';
import { reopenEvent } from '../../store/deliveries/reopenings.js';
import { isDropped } from '../../store/retention/retention.js';
import type { Opening, ResendInput } from '../../workflows/contract/event.js';
import { acceptedEvent } from '../../temporal/client/accepted-event.js';
import type { Dependencies } from '../dependencies.js';
import { currentWorkflowId } from '../lib/current-workflow.js';
import { deletedEndpoint, openDelivery, type EndpointToOpen } from './open-delivery.js';
import { asLost, inDay } from './reopen-deliveries.js';
import { assertAppRemoved, unknownToLog } from '../lib/unknown-to-log.js';

/** Its day has been dropped from the log. */
const UNKNOWN: Opening = { kind: 'ignored', why: 'event_unknown' };

/**
 * Adds new deliveries to an event in the log: a resend's, or a recovery's. Of a workflow that was begun again, those
 * that it has made before, which have not delivered.
 */
export function openResendActivity(deps: Dependencies) {
  return async (resend: ResendInput): Promise<Opening> => {
    const app = await findApp(deps.pool, resend.appId);
    if (!app) {
      await assertAppRemoved(deps, resend.appId, resend.eventId);
      return { kind: 'ignored', why: 'application_deleted' };
    }
    const event =
      (await findEvent(deps.pool, app.id, resend.eventId)) ?? (await lostEvent(deps, app.id, resend.eventId));
    if (!event) return UNKNOWN;
    const workflowId = currentWorkflowId();
    const made = await deliveriesOfWorkflow(deps.pool, event, workflowId);
    const isLeft = ({ id }: EndpointToOpen) =>
      !made.some(({ endpointId, status }) => endpointId === id && status === 'delivered');
    const endpointIds = made.length > 0 ? made.map(({ endpointId }) => endpointId) : resend.endpointIds;
    const endpoints = (await endpointsFor(deps, app, endpointIds)).filter(isLeft);
    const deliveries = endpoints.map((endpoint) =>
      openDelivery(app, endpoint, {
        id: deliveryIdOf(event.createdAt, workflowId, endpoint.id),
        // What is recovered is tried as it would have been; somebody looks at the answer to a resend.
        once: resend.jobId === undefined,
        first: { kind: 'queued' },
      }),
    );
    const trigger = resend.jobId === undefined ? 'resend' : 'recover';
    const cause = { trigger, workflowId, jobId: resend.jobId ?? null } as const;
    const delivered = made
      .filter(({ status }) => status === 'delivered')
      .map(({ id, endpointId, lastStatusCode: statusCode }) => ({ id, endpointId, statusCode }));
    const opening = await inTransaction(deps.pool, async (client): Promise<Opening> => {
      await holdDays(client, [event.day]);
      if (!(await findEventOf(client, event))) return UNKNOWN;
      await addDeliveries(client, event, deliveries, cause, deps.now());
      return { kind: 'opened', deliveries, ...(delivered.length > 0 ? { delivered } : {}) };
    });
    for (const { id } of deliveries) deps.changes.tell({ kind: 'delivery', appId: app.id, id });
    return opening;
  };
}

/** An event that the log has lost, written anew; null for one that it has dropped. */
async function lostEvent(deps: Dependencies, appId: string, eventId: string): Promise<StoredEvent | null> {
  const { pool, now, retentionDays } = deps;
  const wasDropped = (day: string) => isDropped(pool, day, { now: now(), retentionDays });
  const key = await findEventKey(pool, appId, eventId);
  if (key && (await wasDropped(key.day))) return null;
  const accepted = await acceptedEvent(deps.workflows, appId, eventId);
  const ids = { app_id: appId, event_id: eventId };
  if (!accepted) throw unknownToLog(deps, ids, 'the log has lost an event whose body Temporal does not have');
  const { acceptedAt } = accepted.event;
  if (await wasDropped(dayOf(new Date(acceptedAt)))) return null;
  const lost = asLost(accepted);
  await inDay(deps, lost.acceptedAt, () => inTransaction(pool, (client) => reopenEvent(client, lost)));
  deps.gaps.reopened(ids, []);
  return findEvent(pool, appId, eventId);
}

/** What was promised is recorded, also to an endpoint that has been deleted since: it must end. */
async function endpointsFor(
  { pool }: Dependencies,
  app: App,
  ids: readonly string[],
): Promise<readonly EndpointToOpen[]> {
  const [first] = ids;
  const found =
    ids.length === 1 && first !== undefined
      ? [await findEndpoint(pool, app.id, first)]
      : await endpointsOfApp(pool, app.id);
  return ids.map((id) => found.find((endpoint) => endpoint?.id === id) ?? deletedEndpoint(id));
}
