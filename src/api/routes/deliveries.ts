import { z } from 'zod';
import { findDelivery, type Delivery } from '../../store/deliveries.js';
import { findEndpoint } from '../../store/endpoints.js';
import { ATTEMPT_OVERHEAD_MS } from '../../workflows/contract.js';
import type { ApiContext } from '../context.js';
import { assertTakesDeliveries } from '../endpoint-changes.js';
import { mayLackWorkflow } from '../may-lack-workflow.js';
import { problems } from '../problem.js';
import { appRoute, type Route } from '../route.js';
import { untilKnown } from '../until-known.js';
import { deliveryAnswer, deliveryView } from '../views/deliveries.js';

export function deliveryRoutes({ pool, workflows }: ApiContext): Route[] {
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
      idempotencyKey: 'refused',
      conflicts: ['already_finished', 'endpoint_paused', 'endpoint_disabled'],
      scopes: ['events:write'],
      async handle({ app, profile, params }) {
        const delivery = await existing(app.id, params.id);
        if (delivery.completedAt) throw problems.alreadyFinished('delivery');
        const endpoint = await findEndpoint(pool, app.id, delivery.endpointId);
        if (endpoint) assertTakesDeliveries(endpoint);
        const longest = profile.timeLimitMs + ATTEMPT_OVERHEAD_MS;
        const hurried = isWaiting(delivery, longest) ? await hurry(delivery) : delivery;
        return { delivery: deliveryView(hurried) };
      },
    }),
  ];

  /** Has the next attempt made now, and gives the delivery as soon as that has begun. */
  async function hurry(delivery: Delivery): Promise<Delivery> {
    // What a batch has just tried may be without a workflow of its own for a moment.
    const hurried = await untilKnown(async () => {
      if ((await workflows.hurry(delivery.workflowId, delivery.id)) === 'sent') return 'sent';
      const now = await findDelivery(pool, delivery.appId, delivery.id);
      return now && mayLackWorkflow(now) ? null : 'finished';
    });
    if (hurried === null) throw problems.beingOpened();
    if (hurried === 'finished') throw problems.alreadyFinished('delivery');
    const begun = await untilKnown(async () => {
      const now = await findDelivery(pool, delivery.appId, delivery.id);
      return now && (now.attemptCount > delivery.attemptCount || now.completedAt) ? now : null;
    });
    return begun ?? delivery;
  }
}

/**
 * Whether it waits for the time of its next attempt: not held, and not being attempted. One that has been attempted
 * for longer than an attempt can take has lost it with its worker, and waits for the next too.
 */
function isWaiting({ status, nextAttemptAt, attemptStartedAt }: Delivery, longestMs: number): boolean {
  if (nextAttemptAt !== null) return true;
  return status === 'processing' && (attemptStartedAt?.getTime() ?? 0) < Date.now() - longestMs;
}
