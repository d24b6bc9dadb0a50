/** The addresses of the pages, below /dashboard. */

const ENDPOINT_TABS = ['deliveries', 'health', 'settings', 'verify', 'recoveries'] as const;
export type EndpointTab = (typeof ENDPOINT_TABS)[number];

export function isEndpointTab(text: string): text is EndpointTab {
  return ENDPOINT_TABS.some((tab) => tab === text);
}

const app = (id: string) => `/apps/${encodeURIComponent(id)}`;

export const routes = {
  apps: () => '/apps',
  app,
  endpoints: (appId: string) => `${app(appId)}/endpoints`,
  newEndpoint: (appId: string) => `${app(appId)}/endpoints/new`,
  endpoint: (appId: string, id: string, tab: EndpointTab = 'deliveries') =>
    `${app(appId)}/endpoints/${encodeURIComponent(id)}${tab === 'deliveries' ? '' : `/${tab}`}`,
  events: (appId: string) => `${app(appId)}/events`,
  newEvent: (appId: string) => `${app(appId)}/events/new`,
  event: (appId: string, id: string) => `${app(appId)}/events/${encodeURIComponent(id)}`,
  deliveries: (appId: string) => `${app(appId)}/deliveries`,
  delivery: (appId: string, id: string) => `${app(appId)}/deliveries/${encodeURIComponent(id)}`,
  eventTypes: (appId: string) => `${app(appId)}/event-types`,
  verify: (appId: string) => `${app(appId)}/verify`,
  settings: (appId: string) => `${app(appId)}/settings`,
  keys: (appId: string) => `${app(appId)}/keys`,
  system: () => '/system',
};

/** The same page of another application: its list, where the page is about one thing of the first. */
export function sameOf(location: string, appId: string): string {
  const [, section] = /^\/apps\/[^/]+\/([^/?#]+)/.exec(location) ?? [];
  return section === undefined ? app(appId) : `${app(appId)}/${section}`;
}
