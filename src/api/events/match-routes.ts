import { z } from 'zod';
import { MATCH_REASONS, matchOf } from '../../explanation/match.js';
import type { StoredEvent } from '../../domain/event.js';
import { endpointThatIsMeant } from '../../routing/matching.js';
import { endpointsOfOpening } from '../../store/deliveries/deliveries.js';
import { pageOfEndpoints } from '../../store/endpoints/endpoints.js';
import { findEvent } from '../../store/events/events.js';
import type { ApiContext } from '../context.js';
import { pageQuery } from '../http/pagination.js';
import { problems } from '../http/problem.js';
import { appRoute, type Route } from '../http/route.js';
import { untilKnown } from '../http/until-known.js';
import { page } from '../http/view-fields.js';

const matchAnswer = z
  .object({
    webhook_id: z.uuid(),
    url: z.string(),
    matched: z.boolean().describe('Whether the event was to be delivered to it.'),
    why: z
      .enum(MATCH_REASONS)
      .describe(
        '`type`: its event types match, or do not. `created_later`, `changed_later`: they match now, and did not when ' +
          'the event came. `test`: the event is a test of one endpoint. `about_itself`: the event is about this endpoint.',
      ),
    nearest_pattern: z
      .string()
      .nullable()
      .describe('A pattern that would match, and differs by two characters at most from one of its own.'),
  })
  .meta({ id: 'Match' });

/** Which of an application's endpoints got an event, and why the others did not. */
export function matchRoutes(context: ApiContext): Route[] {
  const { pool, lists, workflows } = context;
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/events/:event_id/matches',
      summary: 'Says of every endpoint whether it got an event, and why.',
      success: [200, page('matches', matchAnswer)],
      scopes: ['events:read'],
      query: z.strictObject(pageQuery),
      async handle({ app, profile, caller, params, query }) {
        const event = await recorded(app.id, params.event_id ?? '');
        const { rows, nextCursor } = await lists.page(caller, query, async (db, request) => {
          const endpoints = await pageOfEndpoints(db, app.id, request);
          const opened = await endpointsOfOpening(db, event);
          const { eventType, createdAt: acceptedAt } = event;
          const about = {
            eventType,
            createdAt: acceptedAt,
            isTest: opened.isTest,
            aboutEndpointId: endpointThatIsMeant(profile, event),
          };
          return endpoints.map((endpoint) => ({
            id: endpoint.id,
            createdAt: endpoint.createdAt,
            url: endpoint.url,
            ...matchOf(about, endpoint, opened.endpointIds.has(endpoint.id)),
          }));
        });
        const matches = rows.map(({ id, url, matched, why, nearestPattern }) => ({
          webhook_id: id,
          url,
          matched,
          why,
          nearest_pattern: nearestPattern,
        }));
        return { matches, next_cursor: nextCursor };
      },
    }),
  ];

  /** @throws Problem 404; 503 while Temporal alone has the event */
  async function recorded(appId: string, id: string): Promise<StoredEvent> {
    const found = await findEvent(pool, appId, id);
    if (found) return found;
    if ((await workflows.findEvent(appId, id)) === null) throw problems.notFound();
    const opened = await untilKnown(() => findEvent(pool, appId, id));
    if (!opened) throw problems.beingOpened();
    return opened;
  }
}
