import { Page } from '../../parts/page.js';
import { DeliveryList } from './delivery-list.js';

export function DeliveriesPage({ app }: { app: string }) {
  return (
    <Page title="Deliveries">
      <DeliveryList app={app} />
    </Page>
  );
}
