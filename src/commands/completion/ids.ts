import { openSession } from '../shared/session.js';
import type { Resource } from './candidates.js';

/** Nobody waits longer for a Tab. */
const TIMEOUT = '1s';
const MOST = 30;

/** The newest ids of a kind, by what the environment, the contexts or a running `npm start` say. */
export async function idsFor(resource: Resource): Promise<readonly string[]> {
  const { api, app } = await openSession({
    output: 'table',
    time: 'iso',
    color: false,
    quiet: true,
    timeout: TIMEOUT,
  });
  const query = { limit: MOST };
  if (resource === 'apps') {
    return idsIn((await api.GET('/v1/apps', { params: { query } })).data.apps);
  }
  const params = { path: { app_id: await app() }, query };
  switch (resource) {
    case 'events':
      return idsIn((await api.GET('/v1/apps/{app_id}/events', { params })).data.events);
    case 'endpoints':
      return idsIn((await api.GET('/v1/apps/{app_id}/webhooks', { params })).data.webhooks);
    case 'deliveries':
      return idsIn((await api.GET('/v1/apps/{app_id}/deliveries', { params })).data.deliveries);
  }
}

function idsIn(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
