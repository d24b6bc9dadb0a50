import type { ApiContext } from '../context.js';
import type { Route } from '../route.js';
import { appRoutes } from './apps.js';
import { deliveryRoutes } from './deliveries.js';
import { eventTypeRoutes } from './event-types.js';
import { eventRoutes } from './events.js';
import { keyRoutes } from './keys.js';
import { openApiRoute } from './openapi.js';
import { operationRoutes } from './operations.js';
import { recoveryRoutes } from './recoveries.js';
import { scendcoreRoutes } from './scendcore.js';
import { resendRoutes } from './resends.js';
import { webhookStateRoutes } from './webhook-state.js';
import { webhookRoutes } from './webhooks.js';

/** Every route of the API. */
export function createRoutes(context: ApiContext): Route[] {
  const routes: Route[] = [
    ...operationRoutes(context),
    ...appRoutes(context),
    ...keyRoutes(context),
    ...eventTypeRoutes(context),
    ...webhookRoutes(context),
    ...webhookStateRoutes(context),
    ...recoveryRoutes(context),
    ...eventRoutes(context),
    ...resendRoutes(context),
    ...deliveryRoutes(context),
    ...scendcoreRoutes(context),
  ];
  routes.push(openApiRoute(routes));
  return routes;
}
