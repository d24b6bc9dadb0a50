import { scheduleFor } from '../../routing/schedule-choice.js';
import { profileById } from '../../profiles/index.js';
import { truncate } from '../../domain/schedule.js';
import type { App } from '../../domain/app.js';
import type { Endpoint } from '../../domain/endpoint.js';
import type { FirstAttempt, OpenDelivery } from '../../workflows/contract/delivery.js';

/** What a delivery takes from its endpoint. */
export type EndpointToOpen = Pick<Endpoint, 'id' | 'retryLimit' | 'schedule'> & {
  /** Null when it was deleted. */
  readonly url: string | null;
};

/** A deleted endpoint's delivery ends at its first attempt, whatever its schedule. */
export function deletedEndpoint(id: string): EndpointToOpen {
  return { id, url: null, retryLimit: null, schedule: null };
}

/** A delivery as its workflow carries it on: with the schedule and the time limit that it keeps. */
export function openDelivery(
  app: App,
  endpoint: EndpointToOpen,
  delivery: {
    readonly id: string;
    /** One attempt, and no retries. */
    readonly once: boolean;
    readonly first: FirstAttempt;
    /** Attempt 1 may have been sent before, and the log cannot know it. */
    readonly mayRepeat?: boolean;
  },
): OpenDelivery {
  const schedule = scheduleFor(app, endpoint);
  return {
    id: delivery.id,
    endpointId: endpoint.id,
    host: endpoint.url === null ? null : new URL(endpoint.url).host,
    schedule: delivery.once ? truncate(schedule, 0) : schedule,
    timeLimitMs: profileById(app.profile).timeLimitMs,
    first: delivery.first,
    ...(delivery.mayRepeat ? { mayRepeat: 1 } : {}),
  };
}
