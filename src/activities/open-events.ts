import { endpointsFor } from '../delivery/matching.js';
import { deliveryIdOf } from '../delivery/delivery-id.js';
import type { App } from '../store/apps.js';
import type { BegunAttempt } from '../store/begin-attempt.js';
import type { DeliveryTrigger } from '../store/deliveries.js';
import { takesDeliveries, type Endpoint } from '../store/endpoint.js';
import { openEvents, type EventOpening } from '../store/events.js';
import { dayOf, ensurePartitions, holdDays, isMissingPartition } from '../store/partitions.js';
import { inTransaction, onlyRow } from '../store/pool.js';
import type { Routes } from '../store/routing.js';
import type { DeliveredAtOnce, EventInput, OpenDelivery } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import {
  FIRST_ATTEMPTS_AT_ONCE,
  makeFirstAttempts,
  type FirstAttempt,
  type FirstOutcome,
} from './first-attempts.js';
import { openDelivery } from './open-delivery.js';

/** The log watches over an expiry that is nearer than this; a local attempt does not ask it again. */
const EXPIRY_MARGIN_MS = 120_000;

export interface EventToOpen {
  readonly event: EventInput;
  /** The workflow of the event's own that its deliveries belong to. */
  readonly workflowId: string;
  /** The first run of the workflow that opens it, which stays the same when that is reset. */
  readonly runId: string;
}

/** What has become of an event that was to be opened. */
export type Opened =
  | {
      readonly kind: 'opened';
      /** With what came of those attempts that have been made. */
      readonly deliveries: readonly OpenDelivery[];
      readonly delivered: readonly DeliveredAtOnce[];
    }
  /** This very run had opened it before: the log knows what has become of it. */
  | { readonly kind: 'again'; readonly routes: Routes & { readonly app: App } }
  | { readonly kind: 'ignored'; readonly why: 'duplicate' | 'application_deleted' };

/** An event with its deliveries as they are to be recorded. */
interface Plan {
  readonly routes: Routes & { readonly app: App };
  readonly opening: EventOpening;
  readonly deliveries: readonly { readonly open: OpenDelivery; readonly endpoint: Endpoint }[];
}

/**
 * Records events of one day, each with a delivery for each endpoint that it matches, before anything is sent; then
 * makes the first attempts to endpoints that lately answered fast.
 * @param probing whether one attempt is to find out about each endpoint that nothing is known of
 * @returns one for each event, in their order
 */
export async function openTogether(
  deps: Dependencies,
  events: readonly EventToOpen[],
  { probing }: { readonly probing: boolean },
): Promise<Opened[]> {
  const wished = await Promise.all(events.map((each) => planOf(deps, each, probing)));
  const plans = deps.pace.hasRoom() ? wished : wished.map((plan) => plan && queued(plan));
  const begun = begunWithOpening(
    deps,
    plans.flatMap((plan) => plan?.deliveries ?? []),
  );
  if (begun.size === 0) return openPlanned(deps, plans, begun);
  return deps.pace.holdSlot(() => deps.turns.with(begun.size, () => openPlanned(deps, plans, begun)));
}

/** The first hundred that are made here; of an endpoint that is to be probed, one. */
function begunWithOpening(deps: Dependencies, deliveries: Plan['deliveries']): Set<string> {
  const begun = new Set<string>();
  const probed = new Set<string>();
  for (const { open } of deliveries) {
    if (begun.size === FIRST_ATTEMPTS_AT_ONCE) break;
    if (open.firstAttempt !== 'local' || probed.has(open.endpointId)) continue;
    if (!deps.pace.isFast(open.endpointId)) probed.add(open.endpointId);
    begun.add(open.id);
  }
  return begun;
}

async function openPlanned(
  deps: Dependencies,
  plans: readonly (Plan | null)[],
  begun: ReadonlySet<string>,
): Promise<Opened[]> {
  const results = await Promise.all(
    plans.map((plan) => (plan ? record(deps, plan, begun) : Promise.resolve(null))),
  );
  const first: FirstAttempt[] = [];
  for (const [index, plan] of plans.entries()) {
    if (!plan || results[index] !== 'opened') continue;
    for (const { open, endpoint } of plan.deliveries) {
      if (open.firstAttempt !== 'local') continue;
      const attempt = firstAttemptOf(plan, endpoint, open.id);
      first.push({ attempt, schedule: open.schedule, begun: begun.has(open.id) });
    }
  }
  const made = await makeFirstAttempts(deps, first);
  const outcomes = new Map(first.map(({ attempt }, index) => [attempt.deliveryId, made[index]]));
  return plans.map((plan, index): Opened => {
    const result = results[index];
    if (!plan || result === null || result === undefined)
      return { kind: 'ignored', why: 'application_deleted' };
    switch (result) {
      case 'duplicate':
        return { kind: 'ignored', why: 'duplicate' };
      case 'again':
        return { kind: 'again', routes: plan.routes };
      case 'opened':
        return openedAs(plan.deliveries.map(({ open }) => withOutcome(open, outcomes.get(open.id))));
    }
  });
}

/** The plan without attempts in the workflow's own task. */
function queued(plan: Plan): Plan {
  const deliveries = plan.deliveries.map(({ open, endpoint }) => ({
    open: { ...open, firstAttempt: 'queued' } as const,
    endpoint,
  }));
  return { ...plan, deliveries };
}

/** What is to be recorded of an event; null when its application is gone. */
async function planOf(
  deps: Dependencies,
  { event, workflowId, runId }: EventToOpen,
  probing: boolean,
): Promise<Plan | null> {
  const routes = await routesOf(deps, event);
  const { app } = routes;
  if (!app) return null;
  const once = event.testEndpointId !== undefined;
  const acceptedAt = new Date(event.acceptedAt);
  const now = deps.now();
  const notBefore = event.deliverAt !== undefined && new Date(event.deliverAt) > now ? event.deliverAt : null;
  const expiresSoon =
    event.expiresAt !== undefined && Date.parse(event.expiresAt) < now.getTime() + EXPIRY_MARGIN_MS;
  const mayBeFast = ({ id }: Endpoint) => deps.pace.isFast(id) || (probing && deps.pace.isUnknown(id));
  const isLocal = (endpoint: Endpoint) =>
    notBefore === null && !expiresSoon && (once || mayBeLocal(endpoint)) && mayBeFast(endpoint);

  const deliveries = endpointsFor(event, routes.endpoints).map((endpoint) => ({
    endpoint,
    open: openDelivery(app, endpoint, {
      id: deliveryIdOf(acceptedAt, workflowId, endpoint.id),
      once,
      firstAttempt: isLocal(endpoint) ? 'local' : 'queued',
      notBefore,
    }),
  }));
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
    runId,
    deliveries: deliveries.map(({ open: { id, endpointId } }) => ({ id, endpointId, begun: false })),
  };
  return { routes: { ...routes, app }, opening, deliveries };
}

/** What is remembered may be older than an endpoint that has just been made: an event that finds none looks anew. */
async function routesOf(deps: Dependencies, event: EventInput): Promise<Routes> {
  const remembered = await deps.routing.of(event.appId);
  const isFound = remembered.app !== null && endpointsFor(event, remembered.endpoints).length > 0;
  return isFound ? remembered : deps.routing.ofNow(event.appId);
}

/** A slow look at limits, holds and pauses is for the queue. */
function mayBeLocal(endpoint: Endpoint): boolean {
  return takesDeliveries(endpoint) && endpoint.rateLimit === null && endpoint.maxInFlight === null;
}

function triggerOf({ testEndpointId, aboutEndpointId }: EventInput): DeliveryTrigger {
  if (testEndpointId !== undefined) return 'test';
  return aboutEndpointId === undefined ? 'event' : 'operational';
}

/** A day is dropped when its last event is a day old, or later: long before that it is looked after. */
const MAY_BE_DROPPED_AFTER_MS = 43_200_000;

/** Records an event. The partition of today is made ahead; that of an event which waited for long may be missing. */
async function record(deps: Dependencies, plan: Plan, begun: ReadonlySet<string>) {
  const opening = {
    ...plan.opening,
    deliveries: plan.opening.deliveries.map((delivery) => ({ ...delivery, begun: begun.has(delivery.id) })),
  };
  try {
    return await recordInTime(deps, opening);
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    await ensurePartitions(deps.pool, opening.acceptedAt, 1);
    return recordInTime(deps, opening);
  }
}

/** Keeps the event's day from being dropped meanwhile if that is old. */
function recordInTime({ pool, log, now }: Dependencies, opening: EventOpening) {
  const age = now().getTime() - opening.acceptedAt.getTime();
  if (age < MAY_BE_DROPPED_AFTER_MS) return log.open(opening);
  return inTransaction(pool, async (client) => {
    await holdDays(client, [dayOf(opening.acceptedAt)]);
    return onlyRow(await openEvents(client, [opening], now()));
  });
}

/** What the first attempt needs, so that it does not have to read it again. */
function firstAttemptOf(
  { routes: { app }, opening }: Plan,
  endpoint: Endpoint,
  deliveryId: string,
): BegunAttempt {
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

function withOutcome(open: OpenDelivery, outcome: FirstOutcome | undefined): OpenDelivery {
  switch (outcome?.kind) {
    case 'made':
      return { ...open, first: outcome.result };
    case 'not_begun':
      return { ...open, firstAttempt: 'queued' };
    case 'under_way':
    case undefined:
      return open;
  }
}

function openedAs(deliveries: readonly OpenDelivery[]): Opened {
  const delivered = deliveries.flatMap(({ id, endpointId, first }) =>
    first?.kind === 'delivered' ? [{ id, endpointId, statusCode: first.statusCode }] : [],
  );
  return {
    kind: 'opened',
    deliveries: deliveries.filter(({ first }) => first?.kind !== 'delivered'),
    delivered,
  };
}
