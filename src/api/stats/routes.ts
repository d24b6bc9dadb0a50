import { readStats } from '../../store/stats/buckets.js';
import type { ApiContext } from '../context.js';
import { appRoute, type Route } from '../http/route.js';
import { requestedWindow, statsQuery } from './requests.js';
import { statsAnswer, statsView } from './views.js';

/** Numbers over time, for charts. */
export function statsRoutes({ lists, now }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/stats',
      summary: 'Counts events, deliveries and attempts by UTC minute, hour or day.',
      success: [200, statsAnswer],
      scopes: ['webhooks:read', 'events:read'],
      exampleQuery: { interval: 'hour', since: '2026-04-16T12:00:00Z', until: '2026-04-16T18:00:00Z' },
      query: statsQuery,
      async handle({ app, caller, query }) {
        const window = requestedWindow(query, now());
        const filter = { appId: app.id, endpointId: query.webhook_id, eventType: query.event_type };
        const buckets = await lists.read(caller, (db) => readStats(db, filter, window));
        return statsView(query.interval, buckets);
      },
    }),
  ];
}
