import { profile as scendcore } from '../../profiles/scendcore.js';
import { inWholeSeconds, type Profile } from '../../profiles/profile.js';
import { eventTypesOfApp } from '../../store/event-types.js';
import type { Endpoint } from '../../store/endpoint.js';
import { allEndpoints } from '../../store/endpoints.js';
import type { ApiContext } from '../context.js';
import { createEndpoint } from '../create-endpoint.js';
import { problems } from '../problem.js';
import { appRoute, type Route } from '../route.js';
import { subscribeBody } from '../schemas/webhooks.js';

const PATH = '/api/v1/webhooks/subscribe';

/** ScendCore's own REST surface (file 002): the tenant is the key's application, a subscription an endpoint. */
export function scendcoreRoutes(context: ApiContext): Route[] {
  return [
    appRoute({
      method: 'post',
      path: PATH,
      scopes: ['webhooks:write'],
      // Another profile's application is told so, whatever it sent.
      body: (profile, appEventTypes) => {
        assertScendcore(profile);
        return subscribeBody(profile, context.guard, appEventTypes);
      },
      async handle({ app, profile, body }) {
        const { url, events, secret = null } = body;
        const endpoint = await createEndpoint(context, app, profile, { url, eventTypes: events, secret });
        return { status: 201, body: { subscription: subscriptionView(endpoint) } };
      },
    }),
    appRoute({
      method: 'get',
      path: PATH,
      scopes: ['webhooks:write'],
      async handle({ app, profile }) {
        assertScendcore(profile);
        const endpoints = await allEndpoints(context.pool, app.id);
        const subscriptions = endpoints.map((endpoint) => ({
          ...subscriptionView(endpoint),
          failure_count: endpoint.failureCount,
          last_triggered_at: endpoint.lastTriggeredAt && inWholeSeconds(endpoint.lastTriggeredAt),
        }));
        const added = await eventTypesOfApp(context.pool, app.id);
        const available = new Set([...(profile.catalogue ?? []), ...added].map(({ name }) => name));
        return { status: 200, body: { subscriptions, available_events: [...available] } };
      },
    }),
  ];
}

/** @throws Problem 403 */
function assertScendcore(profile: Profile): void {
  if (profile.id !== scendcore.id) throw problems.wrongProfile(scendcore.id);
}

function subscriptionView(endpoint: Endpoint) {
  return {
    id: endpoint.id,
    url: endpoint.url,
    events: endpoint.eventTypes,
    is_active: endpoint.enabled,
  };
}
