import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { PosthornProblem } from '../../client/index.js';
import { useLiveUpdates } from '../live.js';
import { Skeleton } from '../parts/skeleton.js';
import { appQuery } from '../queries.js';
import { isEndpointTab } from '../routes.js';
import { AddEndpointPage } from './add-endpoint/add-endpoint-page.js';
import { DeliveriesPage } from './deliveries/deliveries-page.js';
import { DeliveryRedirect } from './deliveries/delivery-redirect.js';
import { EndpointPage } from './endpoint/endpoint-page.js';
import { EndpointsPage } from './endpoints/endpoints-page.js';
import { EventPage } from './event/event-page.js';
import { EventTypesPage } from './event-types/event-types-page.js';
import { EventsPage } from './events/events-page.js';
import { KeysPage } from './keys/keys-page.js';
import { SendEventPage } from './send-event/send-event-page.js';
import { SettingsPage } from './settings/settings-page.js';
import { NotFoundPage } from './not-found-page.js';
import { OverviewPage } from './overview/overview-page.js';

/** What verifies is loaded when it is wanted. */
const VerifyPage = lazy(() => import('./verify/verify-page.js'));

/** The pages of one application, which hear of its changes. */
export function ApplicationPages({ app }: { app: string }) {
  useLiveUpdates(app);
  const { error } = useQuery(appQuery(app));
  if (error instanceof PosthornProblem && error.status === 404) return <NotFoundPage />;
  return (
    <Switch>
      <Route path="/apps/:app">
        <OverviewPage app={app} />
      </Route>
      <Route path="/apps/:app/endpoints">
        <EndpointsPage app={app} />
      </Route>
      <Route path="/apps/:app/endpoints/new">
        <AddEndpointPage app={app} />
      </Route>
      <Route path="/apps/:app/endpoints/:id/:tab?">
        {({ id, tab = 'deliveries' }) =>
          isEndpointTab(tab) ? <EndpointPage key={id} app={app} id={id} tab={tab} /> : <NotFoundPage />
        }
      </Route>
      <Route path="/apps/:app/events">
        <EventsPage app={app} />
      </Route>
      <Route path="/apps/:app/events/new">
        <SendEventPage app={app} />
      </Route>
      <Route path="/apps/:app/events/:id">{({ id }) => <EventPage key={id} app={app} id={id} />}</Route>
      <Route path="/apps/:app/event-types">
        <EventTypesPage app={app} />
      </Route>
      <Route path="/apps/:app/deliveries/:id">{({ id }) => <DeliveryRedirect app={app} id={id} />}</Route>
      <Route path="/apps/:app/settings">
        <SettingsPage app={app} />
      </Route>
      <Route path="/apps/:app/keys">
        <KeysPage app={app} />
      </Route>
      <Route path="/apps/:app/verify">
        <Suspense
          fallback={
            <main id="content" className="page">
              <Skeleton rows={6} />
            </main>
          }
        >
          <VerifyPage app={app} />
        </Suspense>
      </Route>
      <Route path="/apps/:app/deliveries">
        <DeliveriesPage app={app} />
      </Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
