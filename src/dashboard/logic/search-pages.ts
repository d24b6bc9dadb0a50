import type { components } from '../../client/index.js';
import { routes } from '../routes.js';

type Result = Pick<components['schemas']['SearchResult'], 'kind' | 'id' | 'path'>;

/** The page of what a search found. */
export function pageOf(app: string, { kind, id, path }: Result): string {
  switch (kind) {
    case 'event':
      return routes.event(app, id);
    case 'delivery':
      return routes.delivery(app, id);
    case 'webhook':
      return routes.endpoint(app, id);
    case 'event_type':
      return routes.eventTypes(app);
    case 'job': {
      const [, webhook = ''] = /\/webhooks\/([^/]+)\/jobs\//.exec(path) ?? [];
      return routes.endpoint(app, decodeURIComponent(webhook), 'recoveries');
    }
  }
}
