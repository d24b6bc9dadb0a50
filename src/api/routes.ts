import type { ApiContext } from './context.js';
import type { Route } from './http/route.js';
import { appRoutes } from './apps/routes.js';
import { dashboardLinkRoutes } from './dashboard/link-routes.js';
import { deliveryRoutes } from './deliveries/routes.js';
import { eventTypeRoutes } from './event-types/routes.js';
import { eventRoutes } from './events/routes.js';
import { keyRoutes } from './apps/key-routes.js';
import { openApiRoute } from './operations/openapi-route.js';
import { matchRoutes } from './events/match-routes.js';
import { checkRoutes } from './endpoints/check-routes.js';
import { healthRoutes } from './endpoints/health-route.js';
import { deliveryRequestRoutes } from './deliveries/request-route.js';
import { profileRoutes } from './profiles/routes.js';
import { systemRoutes } from './system/routes.js';
import { operationRoutes } from './operations/routes.js';
import { recoveryRoutes } from './recoveries/routes.js';
import { searchRoutes } from './search/routes.js';
import { streamRoutes } from './stream/routes.js';
import { statsRoutes } from './stats/routes.js';
import { scendcoreRoutes } from './endpoints/scendcore-routes.js';
import { resendRoutes } from './events/resend-routes.js';
import { webhookStateRoutes } from './endpoints/state-routes.js';
import { webhookRoutes } from './endpoints/routes.js';

/** Every route of the API. */
export function createRoutes(context: ApiContext): Route[] {
  const routes: Route[] = [
    ...operationRoutes(context),
    ...systemRoutes(context),
    ...profileRoutes(),
    ...appRoutes(context),
    ...keyRoutes(context),
    ...dashboardLinkRoutes(context),
    ...eventTypeRoutes(context),
    // Before those with an id in its place, which it could be taken for.
    ...checkRoutes(context),
    ...webhookRoutes(context),
    ...healthRoutes(context),
    ...webhookStateRoutes(context),
    ...recoveryRoutes(context),
    ...eventRoutes(context),
    ...matchRoutes(context),
    ...resendRoutes(context),
    ...deliveryRoutes(context),
    ...deliveryRequestRoutes(context),
    ...scendcoreRoutes(context),
    ...searchRoutes(context),
    ...statsRoutes(context),
    ...streamRoutes(context),
  ];
  routes.push(openApiRoute(routes));
  return routes;
}
