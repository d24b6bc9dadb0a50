import { activityInfo } from '@temporalio/activity';
import type { App } from '../../domain/app.js';
import type { BegunAttempt } from '../../store/attempts/begin-attempt.js';
import type { Endpoint } from '../../domain/endpoint.js';
import type { OpeningResult } from '../../store/events/event-openings.js';
import type { Routes } from '../../store/endpoints/routing.js';
import type { DeliveredAtOnce } from '../../workflows/contract/event.js';
import type { Delivered, FirstAttempt, OpenDelivery } from '../../workflows/contract/delivery.js';
import type { RecordingDependencies } from '../dependencies.js';
import { MOST_TOGETHER, PERMIT_PATIENCE_MS } from '../../dispatch/limits.js';
import type { DispatchedAttempt } from './sending.js';
import { begunWithOpening, planOf, type EventToOpen, type Plan } from './plan-opening.js';
import { recordPlan, recordWhileHeld, type Recorded } from './record-openings.js';
import { assertAppRemoved } from '../lib/unknown-to-log.js';
import { workerStops } from '../lib/worker-stops.js';

/** What has become of an event that was to be opened. */
export type Opened =
  | {
      readonly kind: 'opened';
      /** With what came of those attempts that have been made. */
      readonly deliveries: readonly OpenDelivery[];
      readonly delivered: readonly DeliveredAtOnce[];
    }
  /** This very run had opened it before: the log knows what has become of it. */
  | { readonly kind: 'again'; readonly routes: Routes }
  | { readonly kind: 'ignored'; readonly why: 'duplicate' | 'application_deleted' };

/** Who opens. */
export interface Opener {
  /** Whether first attempts may be made with the opening. */
  readonly mayAttempt: boolean;
  /** Aborted when the worker must end: then nothing more is begun, and what is unanswered is broken off. */
  readonly stops: AbortSignal;
}

/** The current activity. One that is not local comes after an outage, with many others: the queue paces their attempts. */
export function currentActivity(): Opener {
  return { mayAttempt: activityInfo().isLocal, stops: workerStops() };
}

/** An event with what has become of it; `stale`: it is to be planned anew. */
type Result = Opened | 'stale';

/**
 * Records events of one application and one day, each with a delivery for each endpoint that it matches, before
 * anything is sent; then, in the workflow's own task, makes the first attempts to endpoints that lately answered fast.
 *
 * What is remembered of the application and its endpoints only saves reading: the statement that records an event
 * confirms its version. An event that it does not confirm is planned anew; in the end, where they change all the time,
 * by what is read and held in the transaction that records it.
 * @param probing whether one attempt is to find out about each endpoint that nothing is known of
 * @returns one for each event, in their order
 */
export async function openTogether(
  deps: RecordingDependencies,
  appId: string,
  events: readonly EventToOpen[],
  { probing, opener }: { readonly probing: boolean; readonly opener: Opener },
): Promise<Opened[]> {
  const { of, current } = deps.routing;
  const until = performance.now() + PERMIT_PATIENCE_MS;
  const by = (routesOf: typeof of) => (left: readonly EventToOpen[]) =>
    openBy(deps, () => routesOf(appId), left, { probing, opener, until });
  const whileHeld = (left: readonly EventToOpen[]) => openWhileHeld(deps, appId, left, opener);

  const opened = new Map<EventToOpen, Opened>();
  for (const open of [by(of), by(current), by(current), whileHeld]) {
    const left = events.filter((event) => !opened.has(event));
    if (left.length === 0) break;
    const results = await open(left);
    for (const [index, event] of left.entries()) {
      const result = results[index] ?? 'stale';
      if (result !== 'stale') opened.set(event, result);
    }
  }
  return events.map((event) => {
    const result = opened.get(event);
    if (!result) throw new Error('an event could not be opened by what was held');
    return result;
  });
}

/** Opens events by routes that are confirmed with that. */
async function openBy(
  deps: RecordingDependencies,
  routesNow: () => Promise<Routes | null>,
  events: readonly EventToOpen[],
  { probing, opener, until }: { readonly probing: boolean; readonly opener: Opener; readonly until: number },
): Promise<Result[]> {
  const { speed, dispatcher } = deps;
  const { stops } = opener;
  const planned = async () => {
    const routes = await routesNow();
    if (!routes) return null;
    const mayAttempt = opener.mayAttempt && dispatcher.hasRoom() && performance.now() < until;
    const plans = events.map((each) => planOf(each, routes, { speed, mayAttempt, probing, now: deps.now() }));
    return { routes, plans, begun: begunWithOpening(plans, speed, MOST_TOGETHER) };
  };
  const carryOut = async (plan: Awaited<ReturnType<typeof planned>>): Promise<Result[]> => {
    if (!plan) return ofNoApp(deps, events);
    const { routes, plans, begun } = plan;
    stops.throwIfAborted();
    const recorded = await Promise.all(plans.map((each) => recordPlan(deps, each, begun)));
    return afterRecording(deps, routes, recorded, { begun, stops });
  };

  const plan = await planned();
  if (!plan || plan.begun.size === 0) return carryOut(plan);
  return dispatcher.withPermits(plan.begun.size, stops, async (hasWaited) =>
    carryOut(hasWaited ? await planned() : plan),
  );
}

/** Events of an application that is not there: ignored when it was deleted; one that the log does not know is waited for. */
async function ofNoApp(deps: RecordingDependencies, events: readonly EventToOpen[]): Promise<Result[]> {
  const [first] = events;
  if (first) await assertAppRemoved(deps, first.event.appId, first.event.eventId);
  return events.map(() => ({ kind: 'ignored', why: 'application_deleted' }));
}

/** The same by routes that nobody changes meanwhile. First attempts are queued: the transaction waits for no receiver. */
async function openWhileHeld(
  deps: RecordingDependencies,
  appId: string,
  events: readonly EventToOpen[],
  { stops }: Opener,
): Promise<Result[]> {
  const { speed, now } = deps;
  const options = { speed, mayAttempt: false, probing: false, now: now() };
  const acceptedAt = new Date(events[0]?.event.acceptedAt ?? now());
  const held = await recordWhileHeld(deps, appId, acceptedAt, (routes) =>
    events.map((each) => planOf(each, routes, options)),
  );
  if (!held) return ofNoApp(deps, events);
  return afterRecording(deps, held.routes, held.recorded, { begun: new Set(), stops });
}

/** Makes the first attempts of what has been recorded. */
async function afterRecording(
  deps: RecordingDependencies,
  routes: Routes,
  recorded: readonly Recorded[],
  { begun, stops }: { readonly begun: ReadonlySet<string>; readonly stops: AbortSignal },
): Promise<Result[]> {
  const first = recorded
    .filter(({ result }) => result === 'opened')
    .flatMap(({ plan }) => firstAttemptsOf(plan, routes, begun));
  for (const { plan, result } of recorded) if (result === 'conflict') tellOfConflict(deps, plan);
  const outcomes = await deps.dispatcher.dispatch(first, stops);
  return recorded.map(({ plan, result }) => openedAs(routes, plan, result, outcomes));
}

/** Two processes accepted an id with different contents in the same moment: only one of them can have it. */
function tellOfConflict(
  { logger }: RecordingDependencies,
  { opening: { appId, eventId, workflowId } }: Plan,
): void {
  logger.error(
    { app_id: appId, event_id: eventId, workflow_id: workflowId },
    'an accepted event is not delivered: another one has its id, with other content',
  );
}

function firstAttemptsOf(
  { opening, deliveries }: Plan,
  { app, version }: Routes,
  begun: ReadonlySet<string>,
): DispatchedAttempt[] {
  return deliveries
    .filter(({ isDispatched }) => isDispatched)
    .map(({ open, endpoint }) => ({
      workflowId: opening.workflowId,
      attempt: attemptOf(opening, app, endpoint, open.id),
      schedule: open.schedule,
      routesVersion: version,
      isBegun: begun.has(open.id),
    }));
}

/** What the first attempt needs, so that it does not have to read it again. */
function attemptOf(opening: Plan['opening'], app: App, endpoint: Endpoint, deliveryId: string): BegunAttempt {
  return {
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
  };
}

function openedAs(
  routes: Routes,
  plan: Plan,
  result: OpeningResult,
  outcomes: ReadonlyMap<string, FirstAttempt>,
): Result {
  if (result === 'stale') return 'stale';
  if (result === 'duplicate' || result === 'conflict') return { kind: 'ignored', why: 'duplicate' };
  if (result === 'again') return { kind: 'again', routes };
  const deliveries = plan.deliveries.map(({ open }) => ({
    ...open,
    first: outcomes.get(open.id) ?? open.first,
  }));
  return {
    kind: 'opened',
    deliveries: deliveries.filter(({ first }) => deliveredBy(first) === null),
    delivered: deliveries.flatMap(({ id, endpointId, first }) => {
      const delivered = deliveredBy(first);
      return delivered ? [{ id, endpointId, statusCode: delivered.statusCode }] : [];
    }),
  };
}

function deliveredBy(first: FirstAttempt): Delivered | null {
  return first.kind === 'answered' && first.step.kind === 'delivered' ? first.step : null;
}
