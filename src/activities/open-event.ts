import { activityInfo } from '@temporalio/activity';
import { deliveryIdOf } from '../delivery/delivery-id.js';
import { findApp, type App } from '../store/apps.js';
import { deliveriesOfWorkflow } from '../store/deliveries.js';
import { endpointsOfApp, type Endpoint } from '../store/endpoints.js';
import { addDeliveries, findEvent, openEvent, type EventOpening } from '../store/events.js';
import { dayOf, ensurePartitions, isMissingPartition } from '../store/partitions.js';
import type { EventInput, Opening, ResendInput } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import { endpointsFor, openDelivery } from './open-delivery.js';

/** Records an event with one delivery for each endpoint that it matches, in one statement, before anything is sent. */
export function openEventActivity(deps: Dependencies) {
  return async (event: EventInput, firstRunId: string): Promise<Opening> => {
    const app = await findApp(deps.pool, event.appId);
    if (!app) return { kind: 'ignored', why: 'application_deleted' };
    const endpoints = await endpointsOfApp(deps.pool, app.id);
    const { testEndpointId, eventType } = event;
    const once = testEndpointId !== undefined;
    const matched = once
      ? endpoints.filter(({ id }) => id === testEndpointId)
      : endpointsFor(eventType, endpoints);
    const workflowId = currentWorkflowId();
    const acceptedAt = new Date(event.acceptedAt);

    const places = matched.map(({ id, enabled }) => (enabled || once ? deps.pace.reserve(id) : 'queued'));
    try {
      const deliveries = matched.map((endpoint, index) =>
        openDelivery(app, endpoint, {
          id: deliveryIdOf(acceptedAt, workflowId, endpoint.id),
          once,
          firstAttempt: places[index] ?? 'queued',
        }),
      );
      const opening: EventOpening = {
        appId: app.id,
        eventId: event.eventId,
        eventType,
        acceptedAt,
        contentHash: Buffer.from(event.contentHash, 'hex'),
        body: Buffer.from(JSON.stringify(event.envelope)),
        trigger: once ? 'test' : 'event',
        workflowId,
        runId: firstRunId,
        deliveries: deliveries.map(({ id, endpointId, firstAttempt }) => ({
          id,
          endpointId,
          begun: firstAttempt === 'local',
        })),
      };
      const result = await openWithPartition(deps, opening);
      if (result === 'duplicate') return { kind: 'ignored', why: 'duplicate' };
      if (result === 'again') return await recorded(deps, app, endpoints, opening);
      for (const [index, endpoint] of matched.entries()) {
        const delivery = deliveries[index];
        if (delivery?.firstAttempt === 'local') prepare(deps, app, opening, endpoint, delivery.id);
      }
      return { kind: 'opened', deliveries };
    } finally {
      deps.pace.settle(places.filter((place) => place === 'local').length);
    }
  };
}

/** Adds new deliveries, of one attempt each, to an event in the log. */
export function openResendActivity(deps: Dependencies) {
  return async (resend: ResendInput): Promise<Opening> => {
    const app = await findApp(deps.pool, resend.appId);
    if (!app) return { kind: 'ignored', why: 'application_deleted' };
    const event = await findEvent(deps.pool, app.id, resend.eventId);
    if (!event) return { kind: 'ignored', why: 'event_unknown' };
    const endpoints = await endpointsOfApp(deps.pool, app.id);
    const chosen =
      resend.endpointId === undefined
        ? endpointsFor(event.eventType, endpoints).filter(({ enabled }) => enabled)
        : endpoints.filter(({ id }) => id === resend.endpointId);
    const workflowId = currentWorkflowId();
    const deliveries = chosen.map((endpoint) =>
      openDelivery(app, endpoint, {
        id: deliveryIdOf(event.createdAt, workflowId, endpoint.id),
        once: true,
        firstAttempt: 'queued',
      }),
    );
    await addDeliveries(deps.pool, event, deliveries, { trigger: 'resend', workflowId }, deps.now());
    return { kind: 'opened', deliveries };
  };
}

/** The deliveries as they were recorded; queued, because the log knows what has become of them. */
async function recorded(
  deps: Dependencies,
  app: App,
  endpoints: readonly Endpoint[],
  opening: EventOpening,
): Promise<Opening> {
  const event = { day: dayOf(opening.acceptedAt), appId: app.id, id: opening.eventId };
  const deliveries = await deliveriesOfWorkflow(deps.pool, event, opening.workflowId);
  return {
    kind: 'opened',
    deliveries: deliveries.map(({ id, endpointId, trigger }) => {
      // A deleted endpoint's delivery ends at its first attempt, whatever its schedule.
      const endpoint = endpoints.find((each) => each.id === endpointId) ?? {
        id: endpointId,
        retryLimit: null,
        schedule: null,
      };
      return openDelivery(app, endpoint, { id, once: trigger === 'test', firstAttempt: 'queued' });
    }),
  };
}

/** Keeps what the first attempt needs, so that it does not have to read it again. */
function prepare(
  deps: Dependencies,
  app: App,
  opening: EventOpening,
  endpoint: Endpoint,
  deliveryId: string,
): void {
  deps.ready.put({
    deliveryId,
    number: 1,
    possiblyRepeated: false,
    trigger: opening.trigger,
    appId: app.id,
    appName: app.name,
    profileId: app.profile,
    eventId: opening.eventId,
    eventType: opening.eventType,
    body: opening.body,
    endpointId: endpoint.id,
    url: endpoint.url,
    secret: endpoint.secret,
    headers: endpoint.headers,
  });
}

/** The partition of today is made ahead; that of an event which waited for PostgreSQL for long may be missing. */
async function openWithPartition(deps: Dependencies, opening: EventOpening) {
  try {
    return await openEvent(deps.pool, opening, deps.now());
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    await ensurePartitions(deps.pool, opening.acceptedAt, 1);
    return openEvent(deps.pool, opening, deps.now());
  }
}

function currentWorkflowId(): string {
  const { workflowExecution } = activityInfo();
  if (!workflowExecution) throw new Error('this activity belongs to a workflow');
  return workflowExecution.workflowId;
}
