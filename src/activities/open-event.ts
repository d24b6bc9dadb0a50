import { activityInfo } from '@temporalio/activity';
import { deliveryIdOf } from '../delivery/delivery-id.js';
import { matchesEventType } from '../profiles/event-type.js';
import { profileById, scheduleFor } from '../profiles/index.js';
import { truncate } from '../profiles/schedule.js';
import { findApp, type App } from '../store/apps.js';
import { deliveriesOfWorkflow } from '../store/deliveries.js';
import { endpointsOfApp, type Endpoint } from '../store/endpoints.js';
import { addDeliveries, findEvent, openEvent, type EventOpening } from '../store/events.js';
import { dayOf, ensurePartitions, isMissingPartition } from '../store/partitions.js';
import type { EventInput, OpenDelivery, Opening, ResendInput } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';

/** Records an event with one delivery for each endpoint that it matches, in one statement, before anything is sent. */
export function openEventActivity(deps: Dependencies) {
  return async (event: EventInput, firstRunId: string): Promise<Opening> => {
    const app = await findApp(deps.pool, event.appId);
    if (!app) return { kind: 'ignored', why: 'application_deleted' };
    const endpoints = await endpointsOfApp(deps.pool, app.id);
    const isTest = event.testEndpointId !== undefined;
    const matched = endpoints.filter((endpoint) =>
      isTest
        ? endpoint.id === event.testEndpointId
        : endpoint.eventTypes.some((pattern) => matchesEventType(pattern, event.eventType)),
    );
    const workflowId = currentWorkflowId();
    const acceptedAt = new Date(event.acceptedAt);
    const body = Buffer.from(JSON.stringify(event.envelope));
    const deliveries = matched.map((endpoint) =>
      openDelivery(app, endpoint, deliveryIdOf(acceptedAt, workflowId, endpoint.id), {
        once: isTest,
        place: endpoint.enabled || isTest ? deps.pace.placeFor(endpoint.id) : 'queued',
      }),
    );
    const opening: EventOpening = {
      appId: app.id,
      eventId: event.eventId,
      eventType: event.eventType,
      acceptedAt,
      contentHash: Buffer.from(event.contentHash, 'hex'),
      body,
      trigger: isTest ? 'test' : 'event',
      workflowId,
      runId: firstRunId,
      deliveries: deliveries.map((delivery) => ({
        id: delivery.id,
        endpointId: delivery.endpointId,
        begun: delivery.firstAttempt === 'local',
      })),
    };
    const result = await openWithPartition(deps, opening);
    if (result === 'duplicate') return { kind: 'ignored', why: 'duplicate' };
    if (result === 'again') return recorded(deps, app, endpoints, opening);

    for (const [index, endpoint] of matched.entries()) {
      const delivery = deliveries[index];
      if (delivery?.firstAttempt !== 'local') continue;
      deps.ready.put({
        deliveryId: delivery.id,
        number: 1,
        possiblyRepeated: false,
        trigger: opening.trigger,
        appId: app.id,
        appName: app.name,
        profileId: app.profile,
        eventId: event.eventId,
        eventType: event.eventType,
        body,
        endpointId: endpoint.id,
        url: endpoint.url,
        secret: endpoint.secret,
        headers: endpoint.headers,
      });
    }
    return { kind: 'opened', deliveries };
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
    const workflowId = currentWorkflowId();
    const chosen = endpoints.filter((endpoint) =>
      resend.endpointId === undefined
        ? endpoint.enabled &&
          endpoint.eventTypes.some((pattern) => matchesEventType(pattern, event.eventType))
        : endpoint.id === resend.endpointId,
    );
    const deliveries = chosen.map((endpoint) =>
      openDelivery(app, endpoint, deliveryIdOf(event.createdAt, workflowId, endpoint.id), {
        once: true,
        place: 'queued',
      }),
    );
    const cause = { trigger: 'resend', workflowId } as const;
    await addDeliveries(deps.pool, event, deliveries, cause, deps.now());
    return { kind: 'opened', deliveries };
  };
}

function openDelivery(
  app: App,
  endpoint: Endpoint,
  id: string,
  options: { once: boolean; place: OpenDelivery['firstAttempt'] },
): OpenDelivery {
  const profile = profileById(app.profile);
  const schedule = scheduleFor(profile, endpoint.retryLimit);
  return {
    id,
    endpointId: endpoint.id,
    schedule: options.once ? truncate(schedule, 0) : schedule,
    timeLimitMs: profile.timeLimitMs,
    firstAttempt: options.place,
  };
}

/** The deliveries as they were recorded; queued, because the log knows what has become of them. */
async function recorded(
  deps: Dependencies,
  app: App,
  endpoints: readonly Endpoint[],
  opening: EventOpening,
): Promise<Opening> {
  const profile = profileById(app.profile);
  const event = { day: dayOf(opening.acceptedAt), appId: app.id, eventId: opening.eventId };
  const deliveries = await deliveriesOfWorkflow(deps.pool, event, opening.workflowId);
  const retryLimits = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint.retryLimit]));
  return {
    kind: 'opened',
    deliveries: deliveries.map(({ id, endpointId, trigger }) => {
      const schedule = scheduleFor(profile, retryLimits.get(endpointId) ?? null);
      return {
        id,
        endpointId,
        schedule: trigger === 'test' ? truncate(schedule, 0) : schedule,
        timeLimitMs: profile.timeLimitMs,
        firstAttempt: 'queued',
      };
    }),
  };
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
