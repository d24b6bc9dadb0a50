import { createHash } from 'node:crypto';
import { z } from 'zod';
import { deliveryIdOf } from '../../domain/delivery-id.js';
import { findDelivery } from '../../store/deliveries/deliveries.js';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import { acceptEvent } from '../events/accept-event.js';
import type { ApiContext } from '../context.js';
import { changeEndpoint, existingEndpoint } from './endpoint-changes.js';
import { IDEMPOTENCY_KEY } from '../http/idempotency-key.js';
import { problems } from '../http/problem.js';
import { pendingDelivery } from '../deliveries/pending-delivery.js';
import { appRoute, type Route } from '../http/route.js';
import { deliveryAnswer, deliveryView } from '../deliveries/views.js';
import { eventAnswer, eventView } from '../events/views.js';
import { webhookAnswer, webhookView } from './views.js';
import { untilKnown } from '../http/until-known.js';

/** The change that each route makes to an endpoint. */
const CHANGES = {
  enable: { changes: { enabled: true }, summary: 'Enables an endpoint. Its held deliveries go on.' },
  disable: { changes: { enabled: false }, summary: 'Disables an endpoint. Its deliveries are held.' },
  pause: { changes: { paused: true }, summary: 'Pauses an endpoint. Its deliveries are held.' },
  resume: { changes: { paused: false }, summary: 'Resumes an endpoint. Its held deliveries go on.' },
} as const;

/** Switching an endpoint on and off, pausing it, and trying it. */
export function webhookStateRoutes(context: ApiContext): Route[] {
  return [
    ...Object.entries(CHANGES).map(([action, { summary, changes }]) =>
      appRoute({
        method: 'post',
        path: `/v1/apps/:app_id/webhooks/:id/${action}`,
        summary,
        success: [200, z.object({ webhook: webhookAnswer })],
        idempotencyKey: 'refused',
        conflicts: action === 'enable' ? ['subscription_limit_reached'] : [],
        scopes: ['webhooks:write'],
        async handle({ app, profile, params }) {
          const endpoint = await changeEndpoint(context, app, profile, params.id, changes);
          return { webhook: webhookView(app, endpoint) };
        },
      }),
    ),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks/:id/test',
      summary: "Sends the profile's test event to this endpoint alone.",
      success: [202, z.object({ event: eventAnswer, delivery: deliveryAnswer })],
      idempotencyKey: 'remembered',
      conflicts: ['endpoint_disabled'],
      scopes: ['webhooks:write'],
      async handle({ app, profile, params, idempotencyKey, once }) {
        const endpoint = await existingEndpoint(context, app, params.id);
        if (!endpoint.enabled) throw problems.endpointDisabled();
        const id = await once.id();
        const event = await acceptEvent(context, app, {
          id: profile.eventId.fromBytes(createHash('sha256').update(id).digest()),
          // A repetition may come when only PostgreSQL knows the first request.
          ...(idempotencyKey === undefined ? {} : { namedBy: { parameter: IDEMPOTENCY_KEY } }),
          eventType: profile.testEvent.type,
          data: profile.testEvent.data,
          attributes: profile.testEvent.attributes,
          testEndpointId: endpoint.id,
          at: [],
        });
        const workflowId = eventWorkflowId(app.id, event.id);
        const deliveryId = deliveryIdOf(event.createdAt, workflowId, endpoint.id);
        const delivery =
          (await untilKnown(() => findDelivery(context.pool, app.id, deliveryId))) ??
          pendingDelivery(event, endpoint.id, {
            id: deliveryId,
            trigger: 'test',
            workflowId,
            createdAt: context.now(),
          });
        return { event: eventView(event), delivery: deliveryView(delivery) };
      },
    }),
  ];
}
