import type { Scope } from '../../store/apps/api-keys.js';

/** What a stream tells of, and the scope that may hear it: that of the route which shows the same. */
const SCOPES = {
  'event.accepted': 'events:read',
  'delivery.updated': 'events:read',
  'attempt.finished': 'events:read',
  'webhook.updated': 'webhooks:read',
  'job.updated': 'webhooks:read',
} as const satisfies Readonly<Record<string, Scope>>;

export type StreamKind = keyof typeof SCOPES;
export const STREAM_KINDS = Object.keys(SCOPES) as [StreamKind, ...StreamKind[]];

export const scopeOf = (kind: StreamKind): Scope => SCOPES[kind];

/** What one stream is to get. Without an endpoint or an event: of all. */
export interface StreamFilter {
  readonly kinds: ReadonlySet<StreamKind>;
  readonly webhookId: string | undefined;
  readonly eventId: string | undefined;
}

/** News of one thing, with the same view of it as its route answers. */
export interface News {
  readonly appId: string;
  readonly kind: StreamKind;
  /** The same for news of the same thing: the last is enough. */
  readonly key: string;
  /** Of which endpoint and which event it is, where it is of one. */
  readonly webhookId: string | null;
  readonly eventId: string | null;
  /** As JSON has it. */
  readonly data: Readonly<Record<string, unknown>>;
}

export function passes(
  { kinds, webhookId, eventId }: StreamFilter,
  news: Pick<News, 'kind' | 'webhookId' | 'eventId'>,
): boolean {
  return (
    kinds.has(news.kind) &&
    (webhookId === undefined || news.webhookId === webhookId) &&
    (eventId === undefined || news.eventId === eventId)
  );
}
