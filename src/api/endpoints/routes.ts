import { z } from 'zod';
import { generateSecret, publicKeyOrNull } from '../../profiles/signing/secret.js';
import { unexpired } from '../../domain/endpoint.js';
import { findEndpoint, listEndpoints } from '../../store/endpoints/endpoints.js';
import { DELIVERY_STATUSES } from '../../domain/delivery.js';
import { listDeliveries } from '../../store/deliveries/delivery-lists.js';
import type { ApiContext } from '../context.js';
import { createEndpoint } from './create-endpoint.js';
import {
  changeEndpoint,
  existingEndpoint,
  existingEndpointWithActivity,
  removeEndpoint,
} from './endpoint-changes.js';
import { settingsIn } from './endpoint-settings.js';
import { pageQuery } from '../http/pagination.js';
import { problems } from '../http/problem.js';
import { rotateSecret } from './rotate-secret.js';
import { appRoute, type Route } from '../http/route.js';
import { timeText } from '../http/request-fields.js';
import { newWebhookBody, rotationBody, webhookChangesBody } from './requests.js';
import { deliveryAnswer, deliveryView } from '../deliveries/views.js';
import { page } from '../http/view-fields.js';
import { newWebhookAnswer, secretAnswer, webhookAnswer, webhookView } from './views.js';

/** Scute's endpoint API (file 000), for every profile; `webhook` is its word for an endpoint. */
export function webhookRoutes(context: ApiContext): Route[] {
  const { pool, lists, sealer, guard } = context;
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks',
      summary: 'Creates an endpoint, and shows its signing secret.',
      success: [201, z.object({ webhook: newWebhookAnswer })],
      conflicts: ['subscription_limit_reached', 'endpoint_limit_reached'],
      scopes: ['webhooks:write'],
      body: (profile, appEventTypes) => newWebhookBody(profile, guard, appEventTypes),
      example: { webhook: { url: 'https://example.com/hooks', event_types: ['order.*'] } },
      idempotencyKey: 'remembered',
      async handle({ app, profile, body: { webhook }, once }) {
        const secret = webhook.secret ?? generateSecret();
        const given = { ...settingsIn(webhook), url: webhook.url, secret };
        const answer = await once.inTransaction(async (client) => {
          const endpoint = await createEndpoint(client, context, { app, profile }, given);
          return { webhook: { ...webhookView(app, endpoint), secret } };
        });
        context.changes.tell({ kind: 'webhook', appId: app.id, id: answer.webhook.id });
        return answer;
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/webhooks',
      summary: 'Lists the endpoints.',
      success: [200, page('webhooks', webhookAnswer)],
      scopes: ['webhooks:read'],
      query: z.strictObject(pageQuery),
      async handle({ app, caller, query }) {
        const { rows, nextCursor } = await lists.page(caller, query, (db, request) =>
          listEndpoints(db, app.id, request),
        );
        const webhooks = rows.map((endpoint) => webhookView(app, endpoint));
        return { webhooks, next_cursor: nextCursor };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/webhooks/:id',
      summary: 'Returns an endpoint.',
      success: [200, z.object({ webhook: webhookAnswer })],
      scopes: ['webhooks:read'],
      async handle({ app, params }) {
        const endpoint = await existingEndpointWithActivity(context, app, params.id);
        return { webhook: webhookView(app, endpoint) };
      },
    }),
    appRoute({
      method: 'patch',
      path: '/v1/apps/:app_id/webhooks/:id',
      summary: 'Changes an endpoint. Open deliveries keep their schedule.',
      success: [200, z.object({ webhook: webhookAnswer })],
      conflicts: ['subscription_limit_reached'],
      scopes: ['webhooks:write'],
      body: (profile, appEventTypes) => webhookChangesBody(profile, guard, appEventTypes),
      example: { webhook: { description: 'Production', rate_limit: 50 } },
      async handle({ app, profile, params, body: { webhook } }) {
        const endpoint = await changeEndpoint(context, app, profile, params.id, {
          ...settingsIn(webhook),
          secret: webhook.secret === null ? generateSecret() : webhook.secret,
        });
        return { webhook: webhookView(app, endpoint) };
      },
    }),
    appRoute({
      method: 'delete',
      path: '/v1/apps/:app_id/webhooks/:id',
      summary: 'Deletes an endpoint, and ends its open deliveries.',
      success: [204, null],
      scopes: ['webhooks:write'],
      async handle({ app, params }) {
        await removeEndpoint(context, app, params.id);
        return undefined;
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/webhooks/:id/secret',
      summary: 'Returns the signing secret.',
      success: [200, secretAnswer],
      scopes: ['webhooks:write'],
      async handle({ app, profile, params }) {
        const endpoint = await findEndpoint(pool, app.id, params.id ?? '');
        if (!endpoint?.secret) throw problems.notFound();
        const secret = sealer.open(endpoint.secret, endpoint.id);
        const publicKey = publicKeyOrNull(profile.secretKind, secret);
        const expiries = unexpired(endpoint.previousSecrets, context.now()).map(
          ({ expires_at }) => expires_at,
        );
        // All are written in one form, whose order is that of time.
        const latest = expiries.toSorted().at(-1) ?? null;
        return { secret, public_key: publicKey, previous_expires_at: latest };
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks/:id/rotate-secret',
      summary: 'Replaces the signing secret. The old one signs until its grace time ends.',
      success: [200, z.object({ webhook: webhookAnswer, secret: z.string() })],
      scopes: ['webhooks:write'],
      idempotencyKey: 'refused',
      body: rotationBody,
      example: { grace_seconds: 3_600 },
      bodyOptional: true,
      async handle({ app, params, body }) {
        const secret = body.secret ?? generateSecret();
        const rotation = { secret, graceSeconds: body.grace_seconds };
        const endpoint = await rotateSecret(context, app, params.id, rotation);
        return { webhook: webhookView(app, endpoint), secret };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/webhooks/:id/deliveries',
      summary: 'Lists the deliveries to an endpoint.',
      success: [200, page('deliveries', deliveryAnswer)],
      scopes: ['webhooks:read', 'events:read'],
      query: z.strictObject({
        ...pageQuery,
        status: z.enum(DELIVERY_STATUSES).optional(),
        since: timeText.optional(),
        until: timeText.optional(),
      }),
      async handle({ app, caller, params, query }) {
        const endpoint = await existingEndpoint(context, app, params.id);
        const scope = { appId: app.id, endpointId: endpoint.id };
        const { rows, nextCursor } = await lists.page(caller, query, (db, request) =>
          listDeliveries(db, scope, query, request),
        );
        return { deliveries: rows.map(deliveryView), next_cursor: nextCursor };
      },
    }),
  ];
}
