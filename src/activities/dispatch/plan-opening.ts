import { endpointsFor } from '../../routing/matching.js';
import { deliveryIdOf } from '../../domain/delivery-id.js';
import type { EndpointSpeed } from '../../dispatch/endpoint-speed.js';
import type { DeliveryTrigger } from '../../domain/delivery.js';
import { takesDeliveries, type Endpoint } from '../../domain/endpoint.js';
import type { EventOpening } from '../../store/events/event-openings.js';
import type { Routes } from '../../store/endpoints/routing.js';
import type { EventInput } from '../../workflows/contract/event.js';
import type { OpenDelivery } from '../../workflows/contract/delivery.js';
import { openDelivery } from './open-delivery.js';

/** What is to be recorded of an event, and where its first attempts are made. No writing here. */

/** The log watches over an expiry that is nearer than this; a local attempt does not ask it again. */
const EXPIRY_MARGIN_MS = 120_000;

export interface EventToOpen {
  readonly event: EventInput;
  /** The workflow of the event's own that its deliveries belong to. */
  readonly workflowId: string;
  /** Who opens it, so that a repetition is known: the first run of its own workflow, or its batch's workflow. */
  readonly openedBy: string;
}

export interface PlannedDelivery {
  readonly open: OpenDelivery;
  readonly endpoint: Endpoint;
  /** Whether its first attempt is made with the recording. */
  readonly isDispatched: boolean;
}

/** An event with its deliveries as they are to be recorded. */
export interface Plan {
  readonly opening: Omit<EventOpening, 'deliveries'>;
  readonly deliveries: readonly PlannedDelivery[];
}

/**
 * @param mayAttempt whether first attempts may be made where this is asked
 * @param probing whether first attempts may be made with the recording to endpoints that nothing is known of, too
 */
export function planOf(
  { event, workflowId, openedBy }: EventToOpen,
  { app, endpoints, version }: Routes,
  options: {
    readonly speed: Pick<EndpointSpeed, 'of'>;
    readonly mayAttempt: boolean;
    readonly probing: boolean;
    readonly now: Date;
  },
): Plan {
  const { speed, mayAttempt, probing, now } = options;
  const once = event.testEndpointId !== undefined;
  const acceptedAt = new Date(event.acceptedAt);
  const deliverAt = event.deliverAt === undefined ? null : new Date(event.deliverAt);
  const notBefore = deliverAt !== null && deliverAt > now ? deliverAt : null;
  const expiresSoon =
    event.expiresAt !== undefined && Date.parse(event.expiresAt) < now.getTime() + EXPIRY_MARGIN_MS;
  const mayDispatch = mayAttempt && event.mayRepeat !== true && notBefore === null && !expiresSoon;
  const isDispatched = (endpoint: Endpoint) => {
    if (!mayDispatch || !(once || isPlain(endpoint))) return false;
    const known = speed.of(endpoint.id);
    return known === 'fast' || (probing && known === 'unknown');
  };
  return {
    opening: {
      ...openingOf(event),
      routesVersion: version,
      notBefore,
      workflowId,
      openedBy,
    },
    deliveries: endpointsFor(event, endpoints).map((endpoint) => ({
      endpoint,
      isDispatched: isDispatched(endpoint),
      open: openDelivery(app, endpoint, {
        id: deliveryIdOf(acceptedAt, workflowId, endpoint.id),
        once,
        first:
          notBefore === null
            ? { kind: 'queued' }
            : { kind: 'queued', delayMs: notBefore.getTime() - now.getTime() },
        mayRepeat: event.mayRepeat === true,
      }),
    })),
  };
}

/** An event as the log has it, but for who opens it. */
export function openingOf(event: EventInput) {
  return {
    appId: event.appId,
    eventId: event.eventId,
    eventType: event.eventType,
    acceptedAt: new Date(event.acceptedAt),
    expiresAt: event.expiresAt === undefined ? null : new Date(event.expiresAt),
    contentHash: Buffer.from(event.contentHash, 'hex'),
    body: Buffer.from(JSON.stringify(event.envelope)),
    trigger: triggerOf(event),
  };
}

/**
 * The deliveries whose first attempts begin with the opening: so many of those that are made in the workflow's own
 * task; of an endpoint that is to be probed, one.
 */
export function begunWithOpening(
  plans: readonly Plan[],
  speed: Pick<EndpointSpeed, 'of'>,
  most: number,
): ReadonlySet<string> {
  const begun = new Set<string>();
  const probed = new Set<string>();
  for (const { open, isDispatched } of plans.flatMap(({ deliveries }) => deliveries)) {
    if (begun.size === most) break;
    if (!isDispatched || probed.has(open.endpointId)) continue;
    if (speed.of(open.endpointId) !== 'fast') probed.add(open.endpointId);
    begun.add(open.id);
  }
  return begun;
}

/** A slow look at limits, holds and pauses is for the queue. */
function isPlain(endpoint: Endpoint): boolean {
  return takesDeliveries(endpoint) && endpoint.rateLimit === null && endpoint.maxInFlight === null;
}

function triggerOf({ testEndpointId, aboutEndpointId }: EventInput): DeliveryTrigger {
  if (testEndpointId !== undefined) return 'test';
  return aboutEndpointId === undefined ? 'event' : 'operational';
}
