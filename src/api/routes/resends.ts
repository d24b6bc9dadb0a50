import { z } from 'zod';
import { deliveryIdOf } from '../../delivery/delivery-id.js';
import { endpointsForStored } from '../../delivery/matching.js';
import { deliveriesOfWorkflow } from '../../store/deliveries.js';
import { endpointsOfApp } from '../../store/endpoints.js';
import { findEvent } from '../../store/events.js';
import { resendWorkflowId } from '../../temporal/workflow-ids.js';
import type { ApiContext } from '../context.js';
import { assertTakesDeliveries, existingEndpoint } from '../endpoint-changes.js';
import { pendingDelivery } from '../pending-delivery.js';
import { problems } from '../problem.js';
import { appRoute, type Route } from '../route.js';
import { resendBody } from '../schemas/events.js';
import { untilKnown } from '../until-known.js';
import { deliveryAnswer, deliveryView } from '../views/deliveries.js';

export function resendRoutes(context: ApiContext): Route[] {
  const { pool, workflows } = context;
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events/:event_id/resend',
      summary: 'Delivers an event anew: one attempt each, the same bytes.',
      success: [202, z.object({ deliveries: z.array(deliveryAnswer) })],
      idempotencyKey: 'remembered',
      conflicts: ['endpoint_paused', 'endpoint_disabled'],
      scopes: ['events:write'],
      body: resendBody,
      bodyOptional: true,
      async handle({ app, profile, params, body, once }) {
        const event = await untilKnown(() => findEvent(pool, app.id, params.event_id ?? ''));
        if (!event) throw problems.notFound();
        const only =
          body.webhook_id === undefined ? null : await existingEndpoint(context, app, body.webhook_id);
        if (only) assertTakesDeliveries(only);
        const endpoints = only
          ? [only]
          : endpointsForStored(profile, event, await endpointsOfApp(pool, app.id)).filter(
              ({ enabled }) => enabled,
            );
        if (endpoints.length === 0) return { deliveries: [] };

        const resendId = await once.id();
        await workflows.startResend(resendId, {
          appId: app.id,
          eventId: event.id,
          ...(only ? { endpointId: only.id } : {}),
        });
        const workflowId = resendWorkflowId(app.id, resendId);
        const recorded = await untilKnown(async () => {
          const found = await deliveriesOfWorkflow(pool, event, workflowId);
          return found.length > 0 ? found : null;
        });
        const deliveries =
          recorded ??
          endpoints.map(({ id }) =>
            pendingDelivery(event, id, {
              id: deliveryIdOf(event.createdAt, workflowId, id),
              trigger: 'resend',
              workflowId,
            }),
          );
        return { deliveries: deliveries.map(deliveryView) };
      },
    }),
  ];
}
