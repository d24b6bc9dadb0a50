import { useQuery } from '@tanstack/react-query';
import { Redirect } from 'wouter';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { deliveryQuery } from '../../queries.js';
import { routes } from '../../routes.js';

/** A delivery stands on its event's page. */
export function DeliveryRedirect({ app, id }: { app: string; id: string }) {
  const query = useQuery(deliveryQuery(app, id));
  return (
    <Page title="Delivery">
      <Loaded query={query}>
        {(delivery) => <Redirect to={`${routes.event(app, delivery.event_id)}#delivery-${id}`} replace />}
      </Loaded>
    </Page>
  );
}
