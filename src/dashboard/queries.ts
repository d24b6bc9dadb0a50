import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '../client/index.js';
import { api, serverClock } from './api.js';
import type { DeliveryFilters, EventFilters } from './logic/filters.js';

type Schemas = components['schemas'];
export type Application = Schemas['Application'];
export type Attempt = Schemas['Attempt'];
export type Delivery = Schemas['Delivery'];
export type DeliveryWithAttempts = Schemas['DeliveryWithAttempts'];
export type Event = Schemas['Event'];
export type Match = Schemas['Match'];
export type EventType = Schemas['EventType'];
export type RecoveryJob = Schemas['RecoveryJob'];
export type Webhook = Schemas['Webhook'];
export type TargetCheck = Schemas['TargetCheck'];

const FIRST_PAGE: { cursor?: string } = {};
const PAGE = 100;
/** Of applications and endpoints, which are read whole: a filter that sees a part of them would say wrong things. */
const MOST_PAGES = 20;
const HOUR_MS = 3_600_000;

async function all<Row>(
  page: (cursor: { cursor?: string }) => Promise<{ rows: readonly Row[]; next: string | null }>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cursor: { cursor?: string } = {};
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const read = await page(cursor);
    rows.push(...read.rows);
    if (read.next === null) break;
    cursor = { cursor: read.next };
  }
  return rows;
}

export const appsQuery = () =>
  queryOptions({
    queryKey: ['apps'],
    queryFn: ({ signal }) =>
      all(async (cursor) => {
        const { data } = await api.GET('/v1/apps', { params: { query: { limit: PAGE, ...cursor } }, signal });
        return { rows: data.apps, next: data.next_cursor };
      }),
  });

export const appQuery = (app: string) =>
  queryOptions({
    queryKey: ['app', app],
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app } };
      return (await api.GET('/v1/apps/{app_id}', { params, signal })).data.app;
    },
  });

export const webhooksQuery = (app: string) =>
  queryOptions({
    queryKey: ['app', app, 'webhooks'],
    queryFn: ({ signal }) =>
      all(async (cursor) => {
        const params = { path: { app_id: app }, query: { limit: PAGE, ...cursor } };
        const { data } = await api.GET('/v1/apps/{app_id}/webhooks', { params, signal });
        return { rows: data.webhooks, next: data.next_cursor };
      }),
  });

export const webhookQuery = (app: string, id: string) =>
  queryOptions({
    queryKey: ['app', app, 'webhooks', id],
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app, id } };
      return (await api.GET('/v1/apps/{app_id}/webhooks/{id}', { params, signal })).data.webhook;
    },
  });

export const healthQuery = (app: string, id: string) =>
  queryOptions({
    queryKey: ['app', app, 'webhooks', id, 'health'],
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app, id } };
      return (await api.GET('/v1/apps/{app_id}/webhooks/{id}/health', { params, signal })).data;
    },
  });

export const jobsQuery = (app: string, id: string) =>
  queryOptions({
    queryKey: ['app', app, 'webhooks', id, 'jobs'],
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app, id } };
      return (await api.GET('/v1/apps/{app_id}/webhooks/{id}/jobs', { params, signal })).data.jobs;
    },
  });

export const eventTypesQuery = (app: string) =>
  queryOptions({
    queryKey: ['app', app, 'event-types'],
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app } };
      return (await api.GET('/v1/apps/{app_id}/event-types', { params, signal })).data.event_types;
    },
    staleTime: 60_000,
  });

export const searchQuery = (app: string | null, text: string) =>
  queryOptions({
    queryKey: ['app', app, 'search', text],
    enabled: app !== null && text !== '',
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app ?? '' }, query: { q: text } };
      return (await api.GET('/v1/apps/{app_id}/search', { params, signal })).data.results;
    },
    placeholderData: (before) => (text === '' ? [] : before),
  });

export const keysQuery = (app: string) =>
  queryOptions({
    queryKey: ['app', app, 'keys'],
    queryFn: ({ signal }) =>
      all(async (cursor) => {
        const params = { path: { app_id: app }, query: { limit: PAGE, ...cursor } };
        const { data } = await api.GET('/v1/apps/{app_id}/keys', { params, signal });
        return { rows: data.api_keys, next: data.next_cursor };
      }),
  });

export const systemQuery = () =>
  queryOptions({
    queryKey: ['system'],
    queryFn: async ({ signal }) => (await api.GET('/v1/system', { signal })).data,
  });

export const profilesQuery = () =>
  queryOptions({
    queryKey: ['profiles'],
    queryFn: async ({ signal }) => (await api.GET('/v1/profiles', { signal })).data.profiles,
    staleTime: Infinity,
  });

/** Numbers of the last 24 hours, by the hour. */
export const statsQuery = (app: string, webhook?: string) =>
  queryOptions({
    queryKey: ['app', app, 'stats', webhook ?? 'all'],
    queryFn: async ({ signal }) => {
      const since = new Date(serverClock.now() - 23 * HOUR_MS).toISOString();
      const query = { interval: 'hour' as const, since, ...(webhook && { webhook_id: webhook }) };
      const params = { path: { app_id: app }, query };
      return (await api.GET('/v1/apps/{app_id}/stats', { params, signal })).data;
    },
    refetchInterval: 60_000,
  });

export const deliveriesQuery = (app: string, filters: DeliveryFilters) =>
  infiniteQueryOptions({
    queryKey: ['app', app, 'deliveries', filters],
    initialPageParam: FIRST_PAGE,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filters, ...pageParam };
      const params = { path: { app_id: app }, query };
      return (await api.GET('/v1/apps/{app_id}/deliveries', { params, signal })).data;
    },
    getNextPageParam: (page) => (page.next_cursor === null ? undefined : { cursor: page.next_cursor }),
  });

export const eventsQuery = (app: string, filters: EventFilters) =>
  infiniteQueryOptions({
    queryKey: ['app', app, 'events', filters],
    initialPageParam: FIRST_PAGE,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filters, ...pageParam };
      const params = { path: { app_id: app }, query };
      return (await api.GET('/v1/apps/{app_id}/events', { params, signal })).data;
    },
    getNextPageParam: (page) => (page.next_cursor === null ? undefined : { cursor: page.next_cursor }),
  });

export const eventQuery = (app: string, id: string) =>
  queryOptions({
    queryKey: ['app', app, 'event', id],
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app, event_id: id } };
      return (await api.GET('/v1/apps/{app_id}/events/{event_id}', { params, signal })).data.event;
    },
  });

export const matchesQuery = (app: string, id: string) =>
  queryOptions({
    queryKey: ['app', app, 'event', id, 'matches'],
    queryFn: ({ signal }) =>
      all(async (cursor) => {
        const params = { path: { app_id: app, event_id: id }, query: { limit: PAGE, ...cursor } };
        const { data } = await api.GET('/v1/apps/{app_id}/events/{event_id}/matches', { params, signal });
        return { rows: data.matches, next: data.next_cursor };
      }),
  });

export const deliveryQuery = (app: string, id: string) =>
  queryOptions({
    queryKey: ['app', app, 'delivery', id],
    queryFn: async ({ signal }) => {
      const params = { path: { app_id: app, id } };
      return (await api.GET('/v1/apps/{app_id}/deliveries/{id}', { params, signal })).data.delivery;
    },
  });
