import type { DeliveryFilter, EventFilter } from '../../client/index.js';

/** Filters that stand in a page's address, so that a link shows a colleague the same rows. */
export type Filters<Name extends string> = Readonly<Partial<Record<Name, string>>>;

export const DELIVERY_FILTERS = [
  'status',
  'reason',
  'event_type',
  'webhook_id',
  'event_id',
  'trigger',
  'since',
  'until',
] as const satisfies readonly (keyof DeliveryFilter)[];
export type DeliveryFilterName = (typeof DELIVERY_FILTERS)[number];

export const EVENT_FILTERS = [
  'status',
  'event_type',
  'since',
  'until',
] as const satisfies readonly (keyof EventFilter)[];
export type EventFilterName = (typeof EVENT_FILTERS)[number];

export const DELIVERY_STATUSES = ['pending', 'processing', 'delivered', 'failed'] as const;
export const EVENT_STATUSES = ['pending', 'delivered', 'failed', 'cancelled', 'unmatched'] as const;

/** The named filters of an address. One that is empty is not set. */
export function filtersOf<Name extends string>(
  search: Pick<URLSearchParams, 'get'>,
  names: readonly Name[],
): Filters<Name> {
  const set: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value !== null && value !== '') set[name] = value;
  }
  return set;
}

/** The query of an address with these filters, `?` included; empty without any. */
export function queryOf(filters: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}
