import { z } from 'zod';
import { profile as scendcore } from '../../profiles/scendcore.js';
import type { Profile } from '../../profiles/profile.js';
import { eventTypesOfApp } from '../../store/apps/event-types.js';
import { allEndpoints } from '../../store/endpoints/endpoints.js';
import type { ApiContext } from '../context.js';
import { createEndpoint } from './create-endpoint.js';
import { problems } from '../http/problem.js';
import { appRoute, type Route } from '../http/route.js';
import { subscribeBody } from './requests.js';
import { newSubscriptionAnswer, newSubscriptionView, subscriptionAnswer, subscriptionView } from './views.js';

const PATH = '/api/v1/webhooks/subscribe';

/** ScendCore's own REST surface (file 002): the tenant is the key's application, a subscription an endpoint. */
export function scendcoreRoutes(context: ApiContext): Route[] {
  return [
    appRoute({
      method: 'post',
      path: PATH,
      summary: "Subscribes a URL, as ScendCore's document describes it.",
      success: [201, z.object({ subscription: newSubscriptionAnswer })],
      conflicts: ['subscription_limit_reached', 'endpoint_limit_reached'],
      scopes: ['webhooks:write'],
      // Refuse another profile's application before validating its body.
      body: (profile, appEventTypes) => {
        assertScendcore(profile);
        return subscribeBody(profile, context.guard, appEventTypes);
      },
      example: { url: 'https://example.com/hooks', events: ['*'] },
      idempotencyKey: 'remembered',
      async handle({ app, profile, body, once }) {
        const { url, events, secret = null } = body;
        const given = { url, eventTypes: events, secret };
        const answer = await once.inTransaction(async (client) => ({
          subscription: newSubscriptionView(await createEndpoint(client, context, { app, profile }, given)),
        }));
        context.changes.tell({ kind: 'webhook', appId: app.id, id: answer.subscription.id });
        return answer;
      },
    }),
    appRoute({
      method: 'get',
      path: PATH,
      summary: 'Lists the subscriptions with their health, and the available event types.',
      success: [
        200,
        z.object({ subscriptions: z.array(subscriptionAnswer), available_events: z.array(z.string()) }),
      ],
      scopes: ['webhooks:write'],
      async handle({ app, profile }) {
        assertScendcore(profile);
        const endpoints = await allEndpoints(context.pool, app.id);
        const added = await eventTypesOfApp(context.pool, app.id);
        const available = new Set([...(profile.catalogue ?? []), ...added].map(({ name }) => name));
        return { subscriptions: endpoints.map(subscriptionView), available_events: [...available] };
      },
    }),
  ];
}

/** @throws Problem 403 */
function assertScendcore(profile: Profile): void {
  if (profile.id !== scendcore.id) throw problems.wrongProfile(scendcore.id);
}
