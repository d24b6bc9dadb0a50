import { useQuery } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';
import { PosthornProblem } from '../../client/index.js';
import { useLiveUpdates } from '../live.js';
import { appQuery } from '../queries.js';
import { EndpointsPage } from './endpoints/endpoints-page.js';
import { NotFoundPage } from './not-found-page.js';
import { OverviewPage } from './overview/overview-page.js';

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
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
