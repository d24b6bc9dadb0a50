import { subscribes } from '../profiles/event-type.js';
import { profileById, scheduleFor } from '../profiles/index.js';
import { truncate } from '../profiles/schedule.js';
import type { App } from '../store/apps.js';
import type { Endpoint } from '../store/endpoints.js';
import type { OpenDelivery } from '../workflows/contract.js';

/** The endpoints that an event of this type goes to, disabled ones included. */
export function endpointsFor(eventType: string, endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.filter(({ eventTypes }) => subscribes(eventTypes, eventType));
}

/** A delivery as its workflow carries it on: with the schedule and the time limit that it keeps. */
export function openDelivery(
  app: App,
  delivery: {
    readonly id: string;
    readonly endpointId: string;
    readonly retryLimit: number | null;
    /** One attempt, and no retries. */
    readonly once: boolean;
    readonly firstAttempt: OpenDelivery['firstAttempt'];
  },
): OpenDelivery {
  const profile = profileById(app.profile);
  const schedule = scheduleFor(profile, delivery.retryLimit);
  return {
    id: delivery.id,
    endpointId: delivery.endpointId,
    schedule: delivery.once ? truncate(schedule, 0) : schedule,
    timeLimitMs: profile.timeLimitMs,
    firstAttempt: delivery.firstAttempt,
  };
}
