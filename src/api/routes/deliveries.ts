import { findDelivery } from '../../store/deliveries.js';
import type { ApiContext } from '../context.js';
import { problems } from '../problem.js';
import { appRoute, type Route } from '../route.js';
import { deliveryView } from '../views.js';

export function deliveryRoutes({ pool }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/deliveries/:id',
      scopes: ['events:read', 'webhooks:read'],
      async handle({ app, params }) {
        const delivery = await findDelivery(pool, app.id, params.id ?? '');
        if (!delivery) throw problems.notFound();
        return { status: 200, body: { delivery: deliveryView(delivery) } };
      },
    }),
  ];
}
