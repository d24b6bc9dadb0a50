import { z } from 'zod';
import { deliveryIdOf } from '../../domain/delivery-id.js';
import type { StoredEvent } from '../../domain/event.js';
import { endpointsForStored } from '../../routing/matching.js';
import { countResends, deliveriesOfWorkflow } from '../../store/deliveries/deliveries.js';
import { endpointsOfApp } from '../../store/endpoints/endpoints.js';
import { findEvent } from '../../store/events/events.js';
import { resendWorkflowId } from '../../temporal/client/ids.js';
import type { ApiContext } from '../context.js';
import { assertTakesDeliveries, existingEndpoint } from '../endpoints/endpoint-changes.js';
import { pendingDelivery } from '../deliveries/pending-delivery.js';
import { problems } from '../http/problem.js';
import { appRoute, type Route } from '../http/route.js';
import { resendBody } from './requests.js';
import { untilKnown } from '../http/until-known.js';
import { deliveryAnswer, deliveryView } from '../deliveries/views.js';

/** Maximum resends of one event. */
const MOST_RESENDS = 1_000;

export function resendRoutes(context: ApiContext): Route[] {
  const { pool, workflows, now } = context;
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events/:event_id/resend',
      summary: 'Sends an event again: new deliveries of the same bytes, one attempt each.',
      success: [202, z.object({ deliveries: z.array(deliveryAnswer) })],
      idempotencyKey: 'remembered',
      conflicts: ['endpoint_paused', 'endpoint_disabled', 'nothing_to_resend', 'resend_limit_reached'],
      scopes: ['events:write'],
      body: resendBody,
      example: {},
      bodyOptional: true,
      async handle({ app, profile, params, body, idempotencyKey, once }) {
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
        const resendId = await once.id();
        const workflowId = resendWorkflowId(app.id, resendId);
        const made = async () => {
          const found = await deliveriesOfWorkflow(pool, event, workflowId);
          return found.length > 0 ? found : null;
        };
        // An earlier resend with this key has its deliveries, even if the endpoints have changed.
        const before = idempotencyKey === undefined ? null : await made();
        if (!before) {
          if (endpoints.length === 0) throw problems.nothingToResend();
          await assertMayBeResent(event);
        }
        const resend = {
          appId: app.id,
          eventId: event.id,
          endpointIds: endpoints.map(({ id }) => id),
        };
        const begin = (again: boolean) => workflows.startResend(resendId, resend, { again });
        const begun = await begin(false);
        let recorded = await untilKnown(made);
        if (!recorded && begun === 'exists' && (await workflows.standingOf(workflowId)).kind === 'closed') {
          // It ended without deliveries because PostgreSQL did not have the event.
          await begin(true);
          recorded = await untilKnown(made);
        }
        const deliveries =
          recorded ??
          endpoints.map(({ id }) =>
            pendingDelivery(event, id, {
              id: deliveryIdOf(event.createdAt, workflowId, id),
              trigger: 'resend',
              workflowId,
              createdAt: now(),
            }),
          );
        return { deliveries: deliveries.map(deliveryView) };
      },
    }),
  ];

  /**
   * Each resend is kept with the event, and shown.
   * @throws Problem 409
   */
  async function assertMayBeResent(event: StoredEvent): Promise<void> {
    if ((await countResends(pool, event, MOST_RESENDS)) < MOST_RESENDS) return;
    throw problems.resendLimitReached(MOST_RESENDS);
  }
}
