import { z } from 'zod';
import type { ApiContext } from '../context.js';
import { eventStream } from '../http/event-stream.js';
import { eventId, id } from '../http/path-parameters.js';
import { appRoute, type Route } from '../http/route.js';
import { scopeOf, STREAM_KINDS, type StreamKind } from './kinds.js';

const isKind = (text: string): text is StreamKind => STREAM_KINDS.some((kind) => kind === text);

/** Kinds separated by commas; all without them. */
const kinds = z
  .string()
  .meta({ description: `Some of ${STREAM_KINDS.join(', ')}, separated by commas. All by default.` })
  .transform((text, context): readonly StreamKind[] => {
    const names = text.split(',');
    const known = names.filter(isKind);
    if (known.length === names.length) return known;
    const message = `must be some of ${STREAM_KINDS.join(', ')}, separated by commas`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .default(STREAM_KINDS);

/** What happens, as it happens: a hint, which may be missed. The other routes have what is true. */
export function streamRoutes({ streams }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/stream',
      summary: 'Streams what happens as server-sent events, each with the view that its own route gives.',
      success: [200, eventStream],
      scopes: ['webhooks:read', 'events:read'],
      exampleQuery: { kinds: 'event.accepted,delivery.updated' },
      query: z.strictObject({ kinds, webhook_id: id.optional(), event_id: eventId.optional() }),
      async handle({ app, caller, may, query, lastEventId, stillAllowed }) {
        const filter = {
          kinds: new Set(query.kinds.filter((kind) => may(scopeOf(kind)))),
          webhookId: query.webhook_id,
          eventId: query.event_id,
        };
        return streams.open({ caller, app, filter, lastId: lastEventId, stillAllowed });
      },
    }),
  ];
}
