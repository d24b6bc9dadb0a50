import type { Route } from '../../src/api/http/route.js';
import { code, table } from './markdown.js';

const OF_AN_APP = '/v1/apps/:app_id/';

/** The headings of the resources under an application, by the path's next segment. */
const RESOURCES: Readonly<Record<string, string>> = {
  keys: 'Keys',
  'event-types': 'Event types',
  webhooks: 'Endpoints',
  events: 'Events',
  deliveries: 'Deliveries',
};

/** A table of routes for every resource, in the order in which they are mounted. */
export function routeTables(routes: readonly Route[]): string {
  const headings = new Set(routes.map(headingOf));
  return [...headings]
    .map((heading) => {
      const rows = routes
        .filter((route) => headingOf(route) === heading)
        .map((route) => [code(nameOf(route)), keyOf(route), route.summary]);
      return `### ${heading}\n\n${table(['route', 'scope', 'does'], rows)}`;
    })
    .join('\n\n');
}

function headingOf({ path }: Route): string {
  if (path.startsWith(OF_AN_APP))
    return RESOURCES[path.slice(OF_AN_APP.length).split('/')[0] ?? ''] ?? 'Others';
  if (path.startsWith('/v1/apps')) return 'Applications';
  return path.startsWith('/api/v1') ? 'ScendCore’s own' : 'Operations';
}

function nameOf({ method, path }: Route): string {
  const short = path.replace(OF_AN_APP, '…/').replaceAll(/:(\w+)/g, '{$1}');
  return `${method.toUpperCase()} ${short}`;
}

const WITHOUT_SCOPE = { public: 'no key', caller: 'any key', admin: 'administrator' } as const;

function keyOf(route: Route): string {
  if (route.access !== 'app') return WITHOUT_SCOPE[route.access];
  return route.scopes.length === 0 ? 'any' : route.scopes.map(code).join(' or ');
}
