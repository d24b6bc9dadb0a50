import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { DELIVERY_FILTERS, DELIVERY_STATUSES, type DeliveryFilters } from '../../logic/filters.js';
import { Empty, FilteredEmpty } from '../../parts/empty.js';
import { FilterBar, FilterSelect } from '../../parts/filter-bar.js';
import { LiveSwitch } from '../../parts/live-switch.js';
import { LoadMore } from '../../parts/load-more.js';
import { Loaded } from '../../parts/loaded.js';
import { TimeFilters } from '../../parts/time-filter.js';
import { useFilters } from '../../parts/use-filters.js';
import { deliveriesQuery, eventTypesQuery, webhooksQuery } from '../../queries.js';
import { DeliveryTable } from './delivery-table.js';
import { MoreFilters } from './more-filters.js';

const STATUS_NAMES = {
  pending: 'Pending',
  processing: 'Processing',
  delivered: 'Delivered',
  failed: 'Failed',
};

/** Deliveries by the filters of the address: of an application, or of one endpoint of it. */
export function DeliveryList({ app, webhook }: { app: string; webhook?: string }) {
  const { filters, isFiltered, set, clear } = useFilters<DeliveryFilters>(DELIVERY_FILTERS);
  const query = useInfiniteQuery(
    deliveriesQuery(app, webhook ? { ...filters, webhook_id: webhook } : filters),
  );
  const { data: eventTypes = [] } = useQuery(eventTypesQuery(app));
  const { data: endpoints } = useQuery(webhooksQuery(app));
  const rows = query.data?.pages.flatMap(({ deliveries }) => deliveries) ?? [];
  const types = [...new Set([...eventTypes.map(({ name }) => name), ...rows.map((row) => row.event_type)])];

  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} end={<LiveSwitch />}>
        <FilterSelect
          name="Status"
          any="Any status"
          value={filters.status}
          options={DELIVERY_STATUSES.map((value) => ({ value, name: STATUS_NAMES[value] }))}
          onChange={(value) => set('status', value)}
        />
        <FilterSelect
          name="Event type"
          any="Any type"
          value={filters.event_type}
          options={types}
          onChange={(value) => set('event_type', value)}
        />
        <TimeFilters filters={filters} set={set} />
      </FilterBar>
      <MoreFilters filters={filters} endpoints={endpoints} onClear={(name) => set(name, undefined)} />
      <Loaded query={query} rows={10}>
        {() =>
          rows.length > 0 ? (
            <>
              <DeliveryTable
                app={app}
                deliveries={rows}
                endpoints={endpoints}
                hidesEndpoint={webhook !== undefined}
              />
              <LoadMore query={query} />
            </>
          ) : isFiltered ? (
            <FilteredEmpty what="deliveries" />
          ) : (
            <Empty title="No deliveries yet.">
              <p>A delivery is one event on its way to one endpoint. They appear here as events are sent.</p>
            </Empty>
          )
        }
      </Loaded>
    </>
  );
}
