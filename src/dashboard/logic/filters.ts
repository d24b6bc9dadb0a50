import type { DeliveryFilter, EventFilter } from '../../client/index.js';

export type DeliveryFilters = Omit<DeliveryFilter, 'limit'>;
export type EventFilters = Omit<EventFilter, 'limit'>;

export const DELIVERY_FILTERS = [
  'status',
  'reason',
  'event_type',
  'webhook_id',
  'event_id',
  'trigger',
  'since',
  'until',
] as const satisfies readonly (keyof DeliveryFilters)[];

export const EVENT_FILTERS = [
  'status',
  'event_type',
  'since',
  'until',
] as const satisfies readonly (keyof EventFilters)[];

export const DELIVERY_STATUSES = ['pending', 'processing', 'delivered', 'failed'] as const;
export const EVENT_STATUSES = ['pending', 'delivered', 'failed', 'cancelled', 'unmatched'] as const;

/**
 * The filters that stand in a page's address, so that a link shows a colleague the same rows. One that is empty is not set.
 * The values are as they stand: the API refuses what it does not know, and that is shown.
 */
export function filtersOf<Filter extends object>(
  search: Pick<URLSearchParams, 'get'>,
  names: readonly (keyof Filter & string)[],
): Filter {
  const set: Partial<Record<string, string>> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value !== null && value !== '') set[name] = value;
  }
  return set as Filter;
}

/** The query of an address with these filters, `?` included; empty without any. */
export function queryOf(filters: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}
