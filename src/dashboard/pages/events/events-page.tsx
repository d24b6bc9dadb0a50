import { useInfiniteQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { Link } from 'wouter';
import { EVENT_FILTERS, EVENT_STATUSES, type EventFilters } from '../../logic/filters.js';
import { eventStatus } from '../../logic/statuses.js';
import { Empty, FilteredEmpty } from '../../parts/empty.js';
import { FilterBar, FilterSelect } from '../../parts/filter-bar.js';
import { LiveSwitch } from '../../parts/live-switch.js';
import { LoadMore } from '../../parts/load-more.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Status } from '../../parts/status.js';
import { Cell, Row, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { TimeFilters } from '../../parts/time-filter.js';
import { useFilters } from '../../parts/use-filters.js';
import { eventsQuery, type Event } from '../../queries.js';
import { routes } from '../../routes.js';
import { EventSearch } from './event-search.js';

export function EventsPage({ app }: { app: string }) {
  const { filters, isFiltered, set, clear } = useFilters<EventFilters>(EVENT_FILTERS);
  const query = useInfiniteQuery(eventsQuery(app, filters));
  const rows = query.data?.pages.flatMap(({ events }) => events) ?? [];
  return (
    <Page
      title="Events"
      actions={
        <Link className="button" href={routes.newEvent(app)}>
          <Send aria-hidden size={15} /> Send event
        </Link>
      }
    >
      <FilterBar isFiltered={isFiltered} onClear={clear} end={<LiveSwitch />}>
        <EventSearch app={app} type={filters.event_type} onType={(type) => set('event_type', type)} />
        <FilterSelect
          name="Status"
          any="Any status"
          value={filters.status}
          options={EVENT_STATUSES.map((value) => ({ value, name: eventStatus(value).word }))}
          onChange={(value) => set('status', value)}
        />
        <TimeFilters filters={filters} set={set} />
      </FilterBar>
      <Loaded query={query} rows={10}>
        {() =>
          rows.length > 0 ? (
            <>
              <EventTable app={app} events={rows} />
              <LoadMore query={query} />
            </>
          ) : isFiltered ? (
            <FilteredEmpty what="events" />
          ) : (
            <Empty title="No events yet.">
              <p>
                <Link href={routes.newEvent(app)}>Send the first</Link> by hand, or by the command of{' '}
                <Link href={routes.app(app)}>the overview</Link>.
              </p>
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

function EventTable({ app, events }: { app: string; events: readonly Event[] }) {
  return (
    <Table name="Events" columns={['Event', 'Type', 'Status', 'Created']}>
      {events.map(({ id, event_type: type, status, created_at: createdAt }) => (
        <Row key={id}>
          <Cell>
            <Link href={routes.event(app, id)}>{id}</Link>
          </Cell>
          <Cell label="Type">{type}</Cell>
          <Cell label="Status">
            <Status {...eventStatus(status)} />
          </Cell>
          <Cell label="Created">
            <Time at={createdAt} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
