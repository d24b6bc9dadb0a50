import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { appQuery, statsQuery, webhooksQuery } from '../../queries.js';
import { Attention } from './attention.js';
import { FirstEvent } from './first-event.js';
import { Numbers } from './numbers.js';

export function OverviewPage({ app }: { app: string }) {
  const { data: application } = useQuery(appQuery(app));
  const stats = useQuery(statsQuery(app));
  const webhooks = useQuery(webhooksQuery(app));
  const isEmpty = stats.data?.buckets.every(({ events }) => events === 0) === true;
  return (
    <Page
      title={application?.name ?? 'Application'}
      heading={<bdi>{application?.name ?? 'Application'}</bdi>}
      aside={application && <p className="muted">Profile {application.profile}</p>}
    >
      <Loaded query={stats} rows={3}>
        {({ buckets }) => <Numbers app={app} buckets={buckets} />}
      </Loaded>
      <Loaded query={webhooks} rows={3}>
        {(endpoints) => (
          <>
            <Attention app={app} endpoints={endpoints} />
            {isEmpty && <FirstEvent app={app} hasEndpoint={endpoints.length > 0} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
