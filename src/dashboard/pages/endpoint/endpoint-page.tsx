import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { PosthornProblem } from '../../../client/index.js';
import { inFewWords } from '../../logic/event-type-groups.js';
import { endpointStatus } from '../../logic/statuses.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Status } from '../../parts/status.js';
import { Time } from '../../parts/time.js';
import { webhookQuery, type Webhook } from '../../queries.js';
import { routes, type EndpointTab } from '../../routes.js';
import { NotFoundPage } from '../not-found-page.js';
import { EndpointRecoveries } from '../recoveries/endpoint-recoveries.js';
import { EndpointActions } from './endpoint-actions.js';
import { DeliveryList } from '../deliveries/delivery-list.js';
import { EndpointHealth } from './endpoint-health.js';
import { EndpointSettings } from './endpoint-settings.js';
import { SigningSecret } from './signing-secret.js';
import { TestEvent } from './test-event.js';

/** What verifies is loaded when it is wanted. */
const EndpointVerify = lazy(() => import('./endpoint-verify.js'));

const TABS: readonly { tab: EndpointTab; name: string }[] = [
  { tab: 'deliveries', name: 'Deliveries' },
  { tab: 'health', name: 'Health' },
  { tab: 'settings', name: 'Settings' },
  { tab: 'verify', name: 'Verify' },
  { tab: 'recoveries', name: 'Recoveries' },
];

export function EndpointPage({ app, id, tab }: { app: string; id: string; tab: EndpointTab }) {
  const query = useQuery(webhookQuery(app, id));
  // A secret that is shown is another after a rotation.
  const [rotations, setRotations] = useState(0);
  const [testId, setTestId] = useState<string | null>(null);
  if (query.error instanceof PosthornProblem && query.error.status === 404) return <NotFoundPage />;
  const endpoint = query.data;
  return (
    <Page
      title={endpoint?.url ?? 'Endpoint'}
      heading={<bdi>{endpoint?.url ?? 'Endpoint'}</bdi>}
      back={{ to: routes.endpoints(app), text: 'Endpoints' }}
      aside={endpoint && <EndpointState endpoint={endpoint} />}
      actions={
        endpoint && (
          <EndpointActions
            app={app}
            endpoint={endpoint}
            onTest={setTestId}
            onRotated={() => setRotations(rotations + 1)}
          />
        )
      }
    >
      <Loaded query={query}>
        {(loaded) => (
          <>
            <Facts endpoint={loaded} />
            <SigningSecret key={rotations} app={app} id={id} />
            {testId !== null && <TestEvent key={testId} app={app} deliveryId={testId} />}
            <nav className="tabs" aria-label="Endpoint">
              {TABS.map(({ tab: each, name }) => (
                <Link
                  key={each}
                  href={routes.endpoint(app, id, each)}
                  aria-current={each === tab ? 'page' : undefined}
                >
                  {name}
                </Link>
              ))}
            </nav>
            {tab === 'deliveries' && <DeliveryList app={app} webhook={id} />}
            {tab === 'settings' && <EndpointSettings app={app} endpoint={loaded} />}
            {tab === 'verify' && (
              <Suspense fallback={<Skeleton rows={6} />}>
                <EndpointVerify app={app} id={id} />
              </Suspense>
            )}
            {tab === 'recoveries' && <EndpointRecoveries app={app} id={id} />}
            {tab === 'health' && <EndpointHealth app={app} id={id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function EndpointState({ endpoint }: { endpoint: Webhook }) {
  return (
    <div role="status" aria-label="Endpoint state">
      <Status {...endpointStatus(endpoint.status, endpoint.disabled_reason)} />
    </div>
  );
}

function Facts({ endpoint }: { endpoint: Webhook }) {
  return (
    <dl className="facts endpoint-facts">
      {endpoint.description !== null && endpoint.description !== '' && (
        <div>
          <dt>Description</dt>
          <dd>{endpoint.description}</dd>
        </div>
      )}
      <div>
        <dt>Events</dt>
        <dd title={endpoint.event_types.join('\n')}>{inFewWords(endpoint.event_types)}</dd>
      </div>
      <div>
        <dt>Retries</dt>
        <dd>{endpoint.retry_limit}</dd>
      </div>
      <div>
        <dt>Created</dt>
        <dd>
          <Time at={endpoint.created_at} />
        </dd>
      </div>
      {endpoint.disabled_at !== null && (
        <div>
          <dt>Disabled</dt>
          <dd>
            <Time at={endpoint.disabled_at} />
          </dd>
        </div>
      )}
    </dl>
  );
}
