import { randomBytes } from 'node:crypto';
import { deliveryIdOf } from '../../delivery/delivery-id.js';
import { findDelivery } from '../../store/deliveries.js';
import { eventWorkflowId } from '../../temporal/event-workflows.js';
import { acceptEvent } from '../accept-event.js';
import type { ApiContext } from '../context.js';
import { changeEndpoint, existingEndpoint } from '../endpoint-changes.js';
import { problems } from '../problem.js';
import { pendingDelivery } from '../pending-delivery.js';
import { appRoute, type Route } from '../route.js';
import { deliveryView, eventView, webhookView } from '../views.js';
import { untilKnown } from '../until-known.js';

/** What each of the routes does to an endpoint. */
const CHANGES = {
  enable: { enabled: true },
  disable: { enabled: false },
  pause: { paused: true },
  resume: { paused: false },
} as const;

/** Switching an endpoint on and off, pausing it, and trying it. */
export function webhookStateRoutes(context: ApiContext): Route[] {
  return [
    ...Object.entries(CHANGES).map(([action, changes]) =>
      appRoute({
        method: 'post',
        path: `/v1/apps/:app_id/webhooks/:id/${action}`,
        scopes: ['webhooks:write'],
        async handle({ app, profile, params }) {
          const endpoint = await changeEndpoint(context, app, profile, params.id, changes);
          return { status: 200, body: { webhook: webhookView(app, endpoint) } };
        },
      }),
    ),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks/:id/test',
      scopes: ['webhooks:write'],
      async handle({ app, profile, params }) {
        const endpoint = await existingEndpoint(context, app, params.id);
        if (!endpoint.enabled) throw problems.endpointDisabled();
        const event = await acceptEvent(context, app, {
          id: profile.eventId.fromBytes(randomBytes(32)),
          eventType: profile.testEvent.type,
          data: profile.testEvent.data,
          attributes: profile.testEvent.attributes,
          testEndpointId: endpoint.id,
        });
        const workflowId = eventWorkflowId(app.id, event.id);
        const deliveryId = deliveryIdOf(event.createdAt, workflowId, endpoint.id);
        const delivery =
          (await untilKnown(() => findDelivery(context.pool, app.id, deliveryId))) ??
          pendingDelivery(event, endpoint.id, { id: deliveryId, trigger: 'test', workflowId });
        return { status: 202, body: { event: eventView(event), delivery: deliveryView(delivery) } };
      },
    }),
  ];
}
