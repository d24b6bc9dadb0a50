import { useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { PosthornProblem, type EventWithDeliveries } from '../../../client/index.js';
import { byEndpoint } from '../../logic/by-endpoint.js';
import { eventStatus } from '../../logic/statuses.js';
import { CopyButton } from '../../parts/copy-button.js';
import { ResendButton } from '../../parts/delivery-buttons.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Status } from '../../parts/status.js';
import { Time } from '../../parts/time.js';
import { eventQuery, matchesQuery, webhooksQuery } from '../../queries.js';
import { useScrollToFragment } from '../../parts/use-scroll-to-fragment.js';
import { routes } from '../../routes.js';
import { NotFoundPage } from '../not-found-page.js';
import { CancelButton } from './cancel-button.js';
import { DeliverySection } from './delivery-section.js';
import { NotSentTo } from './not-sent-to.js';
import { Payload } from './payload.js';

export function EventPage({ app, id }: { app: string; id: string }) {
  const query = useQuery(eventQuery(app, id));
  const matches = useQuery(matchesQuery(app, id));
  const endpoints = useQuery(webhooksQuery(app));
  // Either may be refused to a key; before both are answered, an endpoint may not be called deleted.
  const areKnown = !matches.isPending && !endpoints.isPending;
  const isRead = matches.isSuccess || endpoints.isSuccess;
  useScrollToFragment(query.isSuccess && areKnown);
  if (query.error instanceof PosthornProblem && query.error.status === 404) return <NotFoundPage />;
  const event = query.data;
  const urls = new Map([
    ...(matches.data ?? []).map((match) => [match.webhook_id, match.url] as const),
    ...(endpoints.data ?? []).map((each) => [each.id, each.url] as const),
  ]);
  return (
    <Page
      title={id}
      heading={<bdi>{id}</bdi>}
      back={{ to: routes.events(app), text: 'Events' }}
      aside={event && <Status {...eventStatus(event.status)} />}
      actions={
        event && (
          <>
            <ResendButton app={app} event={id}>
              Resend to all endpoints
            </ResendButton>
            {event.status === 'pending' && <CancelButton app={app} event={id} />}
          </>
        )
      }
    >
      <Loaded query={query} rows={8}>
        {(loaded) => (
          <>
            <Facts event={loaded} />
            {loaded.deliveries.length === 0 && <NoDelivery status={loaded.status} />}
            {!areKnown && <Skeleton rows={4} />}
            {byEndpoint(areKnown ? loaded.deliveries : []).map((group) => (
              <DeliverySection
                key={group.webhookId}
                app={app}
                group={group}
                url={urls.get(group.webhookId) ?? (isRead ? null : group.webhookId)}
              />
            ))}
            {loaded.deliveries_total > loaded.deliveries.length && (
              <p className="muted under-table">
                The newest {loaded.deliveries.length} of {loaded.deliveries_total} deliveries are shown.
              </p>
            )}
            <Loaded query={matches} rows={2}>
              {(all) => <NotSentTo app={app} matches={all} />}
            </Loaded>
            <Payload data={loaded.data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ event }: { event: EventWithDeliveries }) {
  const url = (event.deliveries.find((each) => each.workflow_id === event.workflow_id) ?? event.deliveries[0])
    ?.workflow_url;
  return (
    <dl className="facts endpoint-facts">
      <div>
        <dt>Type</dt>
        <dd>{event.event_type}</dd>
      </div>
      <div>
        <dt>Accepted</dt>
        <dd>
          <Time at={event.created_at} as="both" />
        </dd>
      </div>
      <div>
        <dt>Id</dt>
        <dd>
          <CopyButton text={event.id} name="Copy event id" />
        </dd>
      </div>
      {url && (
        <div>
          <dt>Workflow</dt>
          <dd>
            <a href={url} target="_blank" rel="noreferrer">
              Open in Temporal
            </a>{' '}
            <ExternalLink aria-hidden size={13} className="muted" />
          </dd>
        </div>
      )}
    </dl>
  );
}

function NoDelivery({ status }: { status: EventWithDeliveries['status'] }) {
  if (status !== 'unmatched') {
    return (
      <Empty title="The event is being opened.">
        <p>Its deliveries appear here in a moment.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No endpoint takes this event.">
      <p>The list below says why, for each endpoint.</p>
    </Empty>
  );
}
