import { z } from 'zod';
import { findDelivery, type Delivery } from '../../store/deliveries.js';
import { findEndpoint } from '../../store/endpoints.js';
import { carryOnMissing } from '../../upkeep/carry-on.js';
import { ATTEMPT_OVERHEAD_MS } from '../../workflows/contract.js';
import type { ApiContext } from '../context.js';
import { assertTakesDeliveries } from '../endpoint-changes.js';
import { problems } from '../problem.js';
import { appRoute, type Route } from '../route.js';
import { untilKnown } from '../until-known.js';
import { deliveryAnswer, deliveryView } from '../views/deliveries.js';

export function deliveryRoutes(context: ApiContext): Route[] {
  const { pool, workflows } = context;
  const existing = async (appId: string, id: string | undefined) => {
    const delivery = await findDelivery(pool, appId, id ?? '');
    if (!delivery) throw problems.notFound();
    return delivery;
  };
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/deliveries/:id',
      summary: 'Gives a delivery.',
      success: [200, z.object({ delivery: deliveryAnswer })],
      scopes: ['events:read', 'webhooks:read'],
      async handle({ app, params }) {
        return { delivery: deliveryView(await existing(app.id, params.id)) };
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/deliveries/:id/retry',
      summary: 'Makes the next scheduled attempt now.',
      success: [202, z.object({ delivery: deliveryAnswer })],
      conflicts: ['already_finished', 'endpoint_paused', 'endpoint_disabled'],
      scopes: ['events:write'],
      async handle({ app, profile, params }) {
        const delivery = await existing(app.id, params.id);
        if (delivery.completedAt) throw problems.alreadyFinished('delivery');
        const endpoint = await findEndpoint(pool, app.id, delivery.endpointId);
        if (endpoint) assertTakesDeliveries(endpoint);
        const longest = profile.timeLimitMs + ATTEMPT_OVERHEAD_MS;
        if (isWaiting(delivery, longest)) return { delivery: deliveryView(await hurry(delivery)) };
        // A first attempt that is queued is made as soon as it can be, if there is somebody who makes it.
        if (isQueued(delivery)) await carryOn(delivery);
        return { delivery: deliveryView(delivery) };
      },
    }),
  ];

  /** Has the next attempt made now, and gives the delivery as soon as that has begun. */
  async function hurry(delivery: Delivery): Promise<Delivery> {
    const isSent = async () => (await workflows.hurry(delivery.workflowId, delivery.id)) === 'sent';
    const hurried = await untilKnown(async () => {
      if (await isSent()) return 'sent';
      // What a batch has just tried gets a workflow of its own in a moment; one that was lost gets another now.
      const found = await carryOn(delivery);
      if (found === 'nothing_left') return 'finished';
      return found === 'carried_on' && (await isSent()) ? 'sent' : null;
    });
    if (hurried === null) throw problems.beingOpened();
    if (hurried === 'finished') throw problems.alreadyFinished('delivery');
    const begun = await untilKnown(async () => {
      const now = await findDelivery(pool, delivery.appId, delivery.id);
      return now && (now.attemptCount > delivery.attemptCount || now.completedAt) ? now : null;
    });
    return begun ?? delivery;
  }

  function carryOn({ appId, eventId: id, day, workflowId }: Delivery) {
    return carryOnMissing(context, { workflowId, event: { appId, id, day } });
  }
}

/** Whether it is to be sent for the first time: not held, and at no certain time. */
function isQueued({ status, reason }: Delivery): boolean {
  return status === 'pending' && reason === null;
}

/**
 * Whether it waits for the time of its next attempt: not held, and not being attempted. One that has been attempted
 * for longer than an attempt can take has lost it with its worker, and waits for the next too.
 */
function isWaiting({ status, nextAttemptAt, attemptStartedAt }: Delivery, longestMs: number): boolean {
  if (nextAttemptAt !== null) return true;
  return status === 'processing' && (attemptStartedAt?.getTime() ?? 0) < Date.now() - longestMs;
}
