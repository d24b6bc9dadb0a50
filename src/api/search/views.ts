import { z } from 'zod';
import type { Delivery } from '../../domain/delivery.js';
import type { FoundEvent, FoundJob } from '../../store/search/search.js';

/** What a search has found, as the API shows it: whatever it is, a title for people and its path in this API. */

export const searchResultAnswer = z
  .object({
    kind: z.enum(['event', 'delivery', 'webhook', 'event_type', 'job']),
    id: z.string().describe('Its id; the name of an event type.'),
    title: z.string().describe('What a person knows it by.'),
    path: z.string().describe('Its path in this API.'),
  })
  .meta({ id: 'SearchResult' });

export type SearchResult = z.output<typeof searchResultAnswer>;

/** @param base the application's path */
export function searchViews(base: string) {
  return {
    event: ({ id, eventType }: FoundEvent): SearchResult => ({
      kind: 'event',
      id,
      title: eventType,
      path: `${base}/events/${id}`,
    }),
    delivery: ({ id, eventType, status }: Delivery): SearchResult => ({
      kind: 'delivery',
      id,
      title: `${eventType}, ${status}`,
      path: `${base}/deliveries/${id}`,
    }),
    webhook: ({ id, url }: { readonly id: string; readonly url: string }): SearchResult => ({
      kind: 'webhook',
      id,
      title: url,
      path: `${base}/webhooks/${id}`,
    }),
    eventType: (name: string): SearchResult => ({
      kind: 'event_type',
      id: name,
      title: name,
      path: `${base}/event-types/${name}`,
    }),
    job: ({ id, endpointId, choice }: FoundJob): SearchResult => ({
      kind: 'job',
      id,
      title: `Recovery of ${choice} events`,
      path: `${base}/webhooks/${endpointId}/jobs/${id}`,
    }),
  };
}
