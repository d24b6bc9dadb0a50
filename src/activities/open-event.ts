import { activityInfo } from '@temporalio/activity';
import { endpointsFor, endpointsForStored } from '../delivery/matching.js';
import { deliveryIdOf } from '../delivery/delivery-id.js';
import { findApp, type App } from '../store/apps.js';
import { deliveriesOfWorkflow, type DeliveryTrigger } from '../store/deliveries.js';
import { takesDeliveries, type Endpoint } from '../store/endpoint.js';
import { endpointsOfApp } from '../store/endpoints.js';
import { addDeliveries, findEvent, openEvent, type EventOpening } from '../store/events.js';
import { dayOf, ensurePartitions, holdDays, isMissingPartition } from '../store/partitions.js';
import { inTransaction } from '../store/pool.js';
import type { EventInput, Opening, ResendInput } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import { openDelivery } from './open-delivery.js';

/** The log watches over an expiry that is nearer than this; a local attempt does not ask it again. */
const EXPIRY_MARGIN_MS = 120_000;

/** Records an event with one delivery for each endpoint that it matches, in one statement, before anything is sent. */
export function openEventActivity(deps: Dependencies) {
  return async (event: EventInput, firstRunId: string): Promise<Opening> => {
    const app = await findApp(deps.pool, event.appId);
    if (!app) return { kind: 'ignored', why: 'application_deleted' };
    const endpoints = await endpointsOfApp(deps.pool, app.id);
    const once = event.testEndpointId !== undefined;
    const matched = endpointsFor(event, endpoints);
    const workflowId = currentWorkflowId();
    const acceptedAt = new Date(event.acceptedAt);
    const notBefore =
      event.deliverAt !== undefined && new Date(event.deliverAt) > deps.now() ? event.deliverAt : null;

    const expiresSoon =
      event.expiresAt !== undefined && Date.parse(event.expiresAt) < deps.now().getTime() + EXPIRY_MARGIN_MS;
    const places = matched.map((endpoint) =>
      notBefore === null && !expiresSoon && (once || mayBeLocal(endpoint))
        ? deps.pace.reserve(endpoint.id)
        : 'queued',
    );
    try {
      const deliveries = matched.map((endpoint, index) =>
        openDelivery(app, endpoint, {
          id: deliveryIdOf(acceptedAt, workflowId, endpoint.id),
          once,
          firstAttempt: places[index] ?? 'queued',
          notBefore,
        }),
      );
      const opening: EventOpening = {
        appId: app.id,
        eventId: event.eventId,
        eventType: event.eventType,
        acceptedAt,
        notBefore: notBefore === null ? null : new Date(notBefore),
        expiresAt: event.expiresAt === undefined ? null : new Date(event.expiresAt),
        contentHash: Buffer.from(event.contentHash, 'hex'),
        body: Buffer.from(JSON.stringify(event.envelope)),
        trigger: triggerOf(event),
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
      if (result === 'again') return await recorded(deps, app, endpoints, opening, notBefore);
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

/** A slow look at limits, holds and pauses is for the queue. */
function mayBeLocal(endpoint: Endpoint): boolean {
  return takesDeliveries(endpoint) && endpoint.rateLimit === null && endpoint.maxInFlight === null;
}

function triggerOf({ testEndpointId, aboutEndpointId }: EventInput): DeliveryTrigger {
  if (testEndpointId !== undefined) return 'test';
  return aboutEndpointId === undefined ? 'event' : 'operational';
}

/** Its day has been dropped from the log. */
const UNKNOWN: Opening = { kind: 'ignored', why: 'event_unknown' };

/** Adds new deliveries to an event in the log: a resend's, or a recovery's. */
export function openResendActivity(deps: Dependencies) {
  return async (resend: ResendInput): Promise<Opening> => {
    const app = await findApp(deps.pool, resend.appId);
    if (!app) return { kind: 'ignored', why: 'application_deleted' };
    const event = await findEvent(deps.pool, app.id, resend.eventId);
    if (!event) return UNKNOWN;
    const endpoints = await endpointsOfApp(deps.pool, app.id);
    const chosen =
      resend.endpointId === undefined
        ? endpointsForStored(event, endpoints).filter(({ enabled }) => enabled)
        : endpoints.filter(({ id }) => id === resend.endpointId);
    // A recovery has recorded the delivery already: if its endpoint is gone, it must end.
    const recovered =
      resend.endpointId !== undefined && resend.jobId !== undefined && chosen.length === 0
        ? [deletedEndpoint(resend.endpointId)]
        : chosen;
    const workflowId = currentWorkflowId();
    const deliveries = recovered.map((endpoint) =>
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
      if (!(await findEvent(client, app.id, event.id))) return UNKNOWN;
      await addDeliveries(client, event, deliveries, cause, deps.now());
      return { kind: 'opened', deliveries };
    });
  };
}

/** The deliveries as they were recorded; queued, because the log knows what has become of them. */
async function recorded(
  deps: Dependencies,
  app: App,
  endpoints: readonly Endpoint[],
  opening: EventOpening,
  notBefore: string | null,
): Promise<Opening> {
  const event = { day: dayOf(opening.acceptedAt), appId: app.id, id: opening.eventId };
  const deliveries = await deliveriesOfWorkflow(deps.pool, event, opening.workflowId);
  return {
    kind: 'opened',
    deliveries: deliveries.map(({ id, endpointId, trigger }) => {
      const endpoint = endpoints.find((each) => each.id === endpointId) ?? deletedEndpoint(endpointId);
      const once = trigger === 'test';
      return openDelivery(app, endpoint, { id, once, firstAttempt: 'queued', notBefore });
    }),
  };
}

/** A deleted endpoint's delivery ends at its first attempt, whatever its schedule. */
function deletedEndpoint(id: string) {
  return { id, retryLimit: null, schedule: null };
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
    previousSecrets: endpoint.previousSecrets,
    expiresAt: opening.expiresAt,
    settings: app.settings,
  });
}

/** The partition of today is made ahead; that of an event which waited for PostgreSQL for long may be missing. */
async function openWithPartition(deps: Dependencies, opening: EventOpening) {
  try {
    return await openInTime(deps, opening);
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    await ensurePartitions(deps.pool, opening.acceptedAt, 1);
    return openInTime(deps, opening);
  }
}

/** A day is dropped when its last event is a day old, or later: long before that it is looked after. */
const MAY_BE_DROPPED_AFTER_MS = 43_200_000;

/** Opens an event, and keeps its day from being dropped meanwhile if that is old. */
function openInTime({ pool, now }: Dependencies, opening: EventOpening) {
  const age = now().getTime() - opening.acceptedAt.getTime();
  if (age < MAY_BE_DROPPED_AFTER_MS) return openEvent(pool, opening, now());
  return inTransaction(pool, async (client) => {
    await holdDays(client, [dayOf(opening.acceptedAt)]);
    return openEvent(client, opening, now());
  });
}

function currentWorkflowId(): string {
  const { workflowExecution } = activityInfo();
  if (!workflowExecution) throw new Error('this activity belongs to a workflow');
  return workflowExecution.workflowId;
}
