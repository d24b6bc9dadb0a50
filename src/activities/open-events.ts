import { activityInfo } from '@temporalio/activity';
import { endpointsFor } from '../delivery/matching.js';
import type { App } from '../store/apps.js';
import type { BegunAttempt } from '../store/begin-attempt.js';
import type { Endpoint } from '../store/endpoint.js';
import { openEvents, type EventOpening, type OpeningResult } from '../store/event-openings.js';
import { dayOf, ensurePartitions, holdDays, isMissingPartition } from '../store/partitions.js';
import { inTransaction, onlyRow } from '../store/pool.js';
import type { Routes } from '../store/routing.js';
import type { DeliveredAtOnce, OpenDelivery } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import {
  FIRST_ATTEMPTS_AT_ONCE,
  makeFirstAttempts,
  type FirstAttempt,
  type FirstOutcome,
} from './first-attempts.js';
import { begunWithOpening, planOf, type EventToOpen, type Plan } from './plan-opening.js';
import { assertAppRemoved } from './unknown-to-log.js';
import { workerStops } from './worker-stops.js';

/** What has waited longer for its turn is queued: with its first attempts, an opening would come near its time limit. */
const LONGEST_WAIT_MS = 15_000;

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

/**
 * Records events of one application and one day, each with a delivery for each endpoint that it matches, before
 * anything is sent; then, in the workflow's own task, makes the first attempts to endpoints that lately answered fast.
 * @param probing whether one attempt is to find out about each endpoint that nothing is known of
 * @returns one for each event, in their order
 */
export async function openTogether(
  deps: Dependencies,
  appId: string,
  events: readonly EventToOpen[],
  { probing, opener }: { readonly probing: boolean; readonly opener: Opener },
): Promise<Opened[]> {
  const { pace, underWay } = deps;
  const { stops } = opener;
  const until = performance.now() + LONGEST_WAIT_MS;
  const planned = async () => {
    const routes = await routesFor(deps, appId, events);
    if (!routes) return null;
    const mayAttempt = opener.mayAttempt && underWay.hasRoom() && performance.now() < until;
    const plans = events.map((each) => planOf(each, routes, { pace, mayAttempt, probing, now: deps.now() }));
    return { routes, plans, begun: begunWithOpening(plans, pace, FIRST_ATTEMPTS_AT_ONCE) };
  };
  const ignored = async () => {
    await assertAppRemoved(deps, appId, events[0]?.event.eventId);
    return events.map((): Opened => ({ kind: 'ignored', why: 'application_deleted' }));
  };

  const plan = await planned();
  if (!plan) return ignored();
  if (plan.begun.size === 0) return openPlanned(deps, plan, stops);
  return pace.holdSlot(() =>
    deps.turns.with(plan.begun.size, stops, async (hasWaited) => {
      const now = hasWaited ? await planned() : plan;
      return now ? openPlanned(deps, now, stops) : ignored();
    }),
  );
}

/** What is remembered may be older than an endpoint that has just been made: an event that finds none looks anew. */
async function routesFor(
  deps: Dependencies,
  appId: string,
  events: readonly EventToOpen[],
): Promise<Routes | null> {
  const remembered = await deps.routing.of(appId);
  const areFound =
    remembered && events.every(({ event }) => endpointsFor(event, remembered.endpoints).length > 0);
  return areFound ? remembered : deps.routing.ofNow(appId);
}

async function openPlanned(
  deps: Dependencies,
  {
    routes,
    plans,
    begun,
  }: { readonly routes: Routes; readonly plans: readonly Plan[]; readonly begun: ReadonlySet<string> },
  stops: AbortSignal,
): Promise<Opened[]> {
  stops.throwIfAborted();
  const recorded = await Promise.all(
    plans.map(async (plan) => ({ plan, result: await record(deps, plan, begun) })),
  );
  const first = recorded
    .filter(({ result }) => result === 'opened')
    .flatMap(({ plan }) => firstAttemptsOf(plan, routes.app, begun));
  for (const { plan, result } of recorded) if (result === 'conflict') tellOfConflict(deps, plan);
  const outcomes = await makeFirstAttempts(deps, first, stops);
  return recorded.map(({ plan, result }) => openedAs(routes, plan, result, outcomes));
}

/** Two processes accepted an id with different contents in the same moment: only one of them can have it. */
function tellOfConflict({ logger }: Dependencies, { opening: { appId, eventId, workflowId } }: Plan): void {
  logger.error(
    { app_id: appId, event_id: eventId, workflow_id: workflowId },
    'an accepted event is not delivered: another one has its id, with other content',
  );
}

/** Records an event. The partition of today is made ahead; that of an event which waited for long may be missing. */
async function record(deps: Dependencies, plan: Plan, begun: ReadonlySet<string>): Promise<OpeningResult> {
  const deliveries = plan.deliveries.map(({ open: { id, endpointId } }) => ({
    id,
    endpointId,
    begun: begun.has(id),
  }));
  const opening = { ...plan.opening, deliveries };
  try {
    return await recordInTime(deps, opening);
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    await ensurePartitions(deps.pool, opening.acceptedAt, 1);
    return recordInTime(deps, opening);
  }
}

/** A day is dropped when its last event is a day old, or later: long before that it is looked after. */
const MAY_BE_DROPPED_AFTER_MS = 43_200_000;

/** Keeps the event's day from being dropped meanwhile if that is old. */
function recordInTime({ pool, log, now }: Dependencies, opening: EventOpening): Promise<OpeningResult> {
  const age = now().getTime() - opening.acceptedAt.getTime();
  if (age < MAY_BE_DROPPED_AFTER_MS) return log.open(opening);
  return inTransaction(pool, async (client) => {
    await holdDays(client, [dayOf(opening.acceptedAt)]);
    return onlyRow(await openEvents(client, [opening], now()));
  });
}

function firstAttemptsOf(
  { opening, deliveries }: Plan,
  app: App,
  begun: ReadonlySet<string>,
): FirstAttempt[] {
  return deliveries
    .filter(({ open }) => open.firstAttempt === 'local')
    .map(({ open, endpoint }) => ({
      workflowId: opening.workflowId,
      attempt: attemptOf(opening, app, endpoint, open.id),
      schedule: open.schedule,
      endpointUpdatedAt: endpoint.updatedAt,
      begun: begun.has(open.id),
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
  outcomes: ReadonlyMap<string, FirstOutcome>,
): Opened {
  if (result === 'duplicate' || result === 'conflict') return { kind: 'ignored', why: 'duplicate' };
  if (result === 'again') return { kind: 'again', routes };
  const deliveries = plan.deliveries.map(({ open }) => withOutcome(open, outcomes.get(open.id)));
  const delivered = deliveries.flatMap(({ id, endpointId, first }) =>
    first?.kind === 'delivered' ? [{ id, endpointId, statusCode: first.statusCode }] : [],
  );
  return {
    kind: 'opened',
    deliveries: deliveries.filter(({ first }) => first?.kind !== 'delivered'),
    delivered,
  };
}

function withOutcome(open: OpenDelivery, outcome: FirstOutcome | undefined): OpenDelivery {
  switch (outcome?.kind) {
    case 'made':
      return { ...open, first: outcome.result };
    case 'not_begun':
      return { ...open, firstAttempt: 'queued' };
    case 'under_way':
      return { ...open, firstAttempt: 'under_way' };
    case undefined:
      return open;
  }
}
