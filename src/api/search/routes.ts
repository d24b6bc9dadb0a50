import { z } from 'zod';
import { inTurns } from '../../lib/in-turns.js';
import type { Profile } from '../../profiles/profile.js';
import type { Scope } from '../../store/apps/api-keys.js';
import type { Queryable } from '../../store/database/pool.js';
import { findDelivery } from '../../store/deliveries/deliveries.js';
import { endpointsByUrl, eventsByIdPrefix, eventTypesByPrefix, jobById } from '../../store/search/search.js';
import type { ApiContext } from '../context.js';
import { eventId, id as uuid } from '../http/path-parameters.js';
import { line } from '../http/request-fields.js';
import { appRoute, type Route } from '../http/route.js';
import { searchResultAnswer, searchViews, type SearchResult } from './views.js';

const MOST_RESULTS = 20;
const LONGEST_QUERY = 200;

/** Finds what a person has a piece of: an id, the beginning of a name, or a part of a URL. Never by payload. */
export function searchRoutes({ lists }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/search',
      summary:
        'Finds events, deliveries, webhooks and jobs by id, events and event types by a prefix, webhooks by a part of their URL.',
      success: [200, z.object({ results: z.array(searchResultAnswer).readonly() })],
      scopes: ['webhooks:read', 'events:read'],
      exampleQuery: { q: 'order' },
      query: z.strictObject({ q: line(LONGEST_QUERY) }),
      async handle({ app, profile, caller, may, query: { q } }) {
        const results = await lists.read(caller, (db) => search(db, { appId: app.id, profile, may, q }));
        return { results };
      },
    }),
  ];
}

interface Search {
  readonly appId: string;
  readonly profile: Profile;
  readonly may: (scope: Scope) => boolean;
  readonly q: string;
}

/** At most `MOST_RESULTS`; of each kind in turn. Kinds that the caller may not read are not looked for. */
async function search(db: Queryable, { appId, profile, may, q }: Search): Promise<readonly SearchResult[]> {
  const view = searchViews(`/v1/apps/${appId}`);
  const id = uuid.safeParse(q.toLowerCase()).data ?? null;
  const found: SearchResult[][] = [];
  if (may('events:read')) {
    const delivery = id && (await findDelivery(db, appId, id));
    if (delivery) found.push([view.delivery(delivery)]);
    if (eventId.safeParse(q).success) {
      const prefix = profile.eventId.canonical?.(q) ?? q;
      found.push((await eventsByIdPrefix(db, appId, prefix, MOST_RESULTS)).map(view.event));
    }
  }
  if (may('webhooks:read')) {
    const job = id && (await jobById(db, appId, id));
    if (job) found.push([view.job(job)]);
    found.push((await endpointsByUrl(db, appId, { text: q, id }, MOST_RESULTS)).map(view.webhook));
    const own = await eventTypesByPrefix(db, appId, q, MOST_RESULTS);
    found.push([...inCatalogue(profile, q), ...own].map(view.eventType));
  }
  return inTurns(found, MOST_RESULTS);
}

function inCatalogue({ catalogue }: Profile, prefix: string): string[] {
  const names = (catalogue ?? []).map(({ name }) => name);
  return names.filter((name) => name.toLowerCase().startsWith(prefix.toLowerCase()));
}
