import { forEachConcurrent } from '../../lib/for-each-concurrent.js';
import type { Delivery } from '../../domain/delivery.js';
import { deliveriesOfWorkflow } from '../../store/deliveries/deliveries.js';
import { prolonged, type Schedule } from '../../domain/schedule.js';
import { findEventOf } from '../../store/events/events.js';
import { dayOf } from '../../domain/day.js';
import { isDropped } from '../../store/retention/retention.js';
import type { Routes } from '../../store/endpoints/routing.js';
import {
  isCarried,
  type CarriedEvent,
  type EventInput,
  type Opening,
} from '../../workflows/contract/event.js';
import type { OpenDelivery } from '../../workflows/contract/delivery.js';
import { scheduleIn } from '../../workflows/kept-schedules.js';
import { withBody } from '../../temporal/client/accepted-event.js';
import { currentWorkflowId } from '../lib/current-workflow.js';
import type { ActivityDependencies, Dependencies, RecordingDependencies } from '../dependencies.js';
import { deletedEndpoint, openDelivery } from './open-delivery.js';
import { currentActivity, openTogether, type Opener } from './open-events.js';
import type { EventToOpen } from './plan-opening.js';
import { assertAppRemoved, unknownToLog } from '../lib/unknown-to-log.js';
import { workerStops } from '../lib/worker-stops.js';

/**
 * Records an event with one delivery for each endpoint that it matches, and makes the first attempts to endpoints
 * that answer fast. For an event that a batch opened, it returns the deliveries that the batch did not finish.
 */
export function openEventActivity(deps: ActivityDependencies) {
  return (event: EventInput | CarriedEvent, firstRunId: string, isCancelled: boolean): Promise<Opening> => {
    const workflowId = currentWorkflowId();
    if (isCarried(event)) return openCarried(deps, event, workflowId);
    const opener = currentActivity();
    const mayAttempt = opener.mayAttempt && !isCancelled;
    return deps.recorder.recorded({ event, workflowId, openedBy: firstRunId }, { ...opener, mayAttempt });
  };
}

async function openCarried(
  deps: RecordingDependencies,
  event: CarriedEvent,
  workflowId: string,
): Promise<Opening> {
  const routes = await deps.routing.current(event.appId);
  if (!routes) {
    await assertAppRemoved(deps, event.appId, event.eventId);
    return { kind: 'ignored', why: 'application_deleted' };
  }
  const deliveries = await recorded(deps, event, workflowId);
  const day = dayOf(new Date(event.acceptedAt));
  const isKnown =
    deliveries.length > 0 || (await findEventOf(deps.pool, { ...event, day, id: event.eventId }));
  return isKnown ? carried(deps, deliveries, routes, event) : openLost(deps, event, workflowId);
}

/** An event that is to be carried on, and that the log has lost since: opened anew, by what it was accepted with. */
async function openLost(
  deps: RecordingDependencies,
  event: CarriedEvent,
  workflowId: string,
): Promise<Opening> {
  const { pool, now, retentionDays } = deps;
  if (await isDropped(pool, dayOf(new Date(event.acceptedAt)), { now: now(), retentionDays })) {
    return { kind: 'ignored', why: 'event_unknown' };
  }
  const accepted = await withBody(deps.workflows, { input: event, firstRunId: event.openedBy });
  const ids = { app_id: event.appId, event_id: event.eventId };
  if (!accepted) throw unknownToLog(deps, ids, 'the log has lost an event whose body Temporal does not have');
  const own = { ...accepted, event: { ...accepted.event, mayRepeat: true as const }, workflowId };
  const opening = await openOwn(deps, own, { mayAttempt: false, stops: workerStops() });
  const deliveries = opening.kind === 'opened' ? opening.deliveries : [];
  deps.gaps.reopened(
    ids,
    deliveries.map(({ id }) => id),
  );
  return opening;
}

/** Records an event of its own workflow, and makes its first attempts; what was recorded before goes on from the log. */
export async function openOwn(
  deps: RecordingDependencies,
  own: EventToOpen,
  opener: Opener,
): Promise<Opening> {
  const { event, workflowId } = own;
  const [opened] = await openTogether(deps, event.appId, [own], { probing: false, opener });
  if (!opened) throw new Error('nothing was opened');
  if (opened.kind !== 'again') return opened;
  const deliveries = await recorded(deps, event, workflowId);
  return {
    kind: 'opened',
    deliveries: deliveries.map((delivery) => asRecorded(deps, delivery, opened.routes, event)),
  };
}

const CALLS_AT_ONCE = 10;

type Common = Pick<EventInput, 'appId' | 'eventId' | 'acceptedAt' | 'deliverAt' | 'mayRepeat'>;

function recorded(deps: Dependencies, event: Common, workflowId: string): Promise<Delivery[]> {
  const day = dayOf(new Date(event.acceptedAt));
  return deliveriesOfWorkflow(deps.pool, { day, appId: event.appId, id: event.eventId }, workflowId);
}

/**
 * A delivery as it was recorded; queued, because the log knows what has become of it.
 * @param kept the schedule that it was opened with. Where that is not known any more, its endpoint's own may have been
 *   shortened since: an attempt that the log has announced is made nevertheless.
 */
function asRecorded(
  { now }: Pick<Dependencies, 'now'>,
  delivery: Delivery,
  { app, endpoints }: Routes,
  event: Common,
  kept?: Schedule,
): OpenDelivery {
  const { id, endpointId, trigger, status, attemptCount } = delivery;
  const endpoint = endpoints.find((each) => each.id === endpointId) ?? deletedEndpoint(endpointId);
  const leftMs = Date.parse(event.deliverAt ?? event.acceptedAt) - now().getTime();
  const open = openDelivery(app, endpoint, {
    id,
    once: trigger === 'test',
    first: leftMs > 0 ? { kind: 'queued', delayMs: leftMs } : { kind: 'queued' },
    mayRepeat: event.mayRepeat === true,
  });
  const begun = status === 'processing' ? attemptCount : attemptCount + 1;
  return { ...open, schedule: kept ?? prolonged(open.schedule, begun) };
}

/** What a batch has left of an event. Whoever recorded a delivery may have died before telling of it. */
async function carried(
  deps: Dependencies,
  deliveries: readonly Delivery[],
  routes: Routes,
  event: CarriedEvent,
): Promise<Opening> {
  const delivered = deliveries.filter(({ status }) => status === 'delivered');
  // Only an endpoint that failed before has something to be told, and somebody who waits for it.
  await forEachConcurrent(CALLS_AT_ONCE, delivered, ({ endpointId }) =>
    deps.workflows.remindHealth(endpointId),
  );
  return {
    kind: 'opened',
    deliveries: deliveries
      .filter((delivery) => !delivered.includes(delivery))
      .map((delivery) => {
        const kept = scheduleIn(event.schedules, delivery.endpointId);
        const open = asRecorded(deps, delivery, routes, event, kept);
        // Where the log knows only that it has begun, the batch may know more.
        const first = delivery.status === 'processing' ? event.firstAttempts?.[delivery.id] : undefined;
        return first ? { ...open, first } : open;
      }),
    delivered: delivered.map(({ id, endpointId, lastStatusCode: statusCode }) => ({
      id,
      endpointId,
      statusCode,
    })),
  };
}
