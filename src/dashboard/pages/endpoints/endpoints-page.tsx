import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { SearchField } from '../../parts/search-field.js';
import { Empty, FilteredEmpty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { counted } from '../../logic/stats.js';
import { webhooksQuery } from '../../queries.js';
import { routes } from '../../routes.js';
import { EndpointTable } from './endpoint-table.js';

export function EndpointsPage({ app }: { app: string }) {
  const query = useQuery(webhooksQuery(app));
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  return (
    <Page
      title="Endpoints"
      actions={
        <>
          <SearchField name="Filter endpoints" value={filter} onChange={setFilter} />
          <Link className="button primary" href={routes.newEndpoint(app)}>
            <Plus aria-hidden size={16} /> Add endpoint
          </Link>
        </>
      }
    >
      <Loaded query={query}>
        {(endpoints) => {
          if (endpoints.length === 0) {
            return (
              <Empty title="No endpoints yet.">
                <p>An endpoint is a URL of yours that gets events.</p>
                <p>
                  No server yet? <code>posthorn listen</code> makes one on this computer.
                </p>
              </Empty>
            );
          }
          const shown = endpoints.filter(({ url, description }) =>
            `${url} ${description ?? ''}`.toLowerCase().includes(wanted),
          );
          if (shown.length === 0) return <FilteredEmpty what="endpoints" onClear={() => setFilter('')} />;
          return (
            <>
              <EndpointTable app={app} endpoints={shown} />
              <p className="muted under-table">
                {shown.length === endpoints.length
                  ? counted(endpoints.length, 'endpoint')
                  : `${shown.length} of ${counted(endpoints.length, 'endpoint')}`}
              </p>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
