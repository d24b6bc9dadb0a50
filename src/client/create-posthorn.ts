import { createApi, type AnswerOf, type Api, type BodyOf } from './api.js';
import type { components, paths } from './api-types.js';
import { rowsOf } from './pages.js';
import { repeatingFetch, type CallSettings, type Fetch } from './repeats.js';
import { messagesOf, type StreamMessage, type StreamOptions } from './stream.js';
import { untilSettled, type EventWithDeliveries, type WaitOptions } from './wait-for.js';

export type Event = components['schemas']['Event'];
export type Delivery = AnswerOf<'/v1/apps/{app_id}/deliveries', 'get'>['deliveries'][number];

type FilterOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? Omit<NonNullable<Query>, 'cursor'>
  : never;

type EventBody = BodyOf<'/v1/apps/{app_id}/events', 'post'>;
type BatchBody = BodyOf<'/v1/apps/{app_id}/events/batch', 'post'>;

/** An event as it is submitted. Its application's profile says which attributes it may have. */
export type NewEvent = Omit<EventBody, 'attributes'> & {
  readonly attributes?: Readonly<Record<string, unknown>> | null;
};
export type EventFilter = FilterOf<'/v1/apps/{app_id}/events'>;
export type DeliveryFilter = FilterOf<'/v1/apps/{app_id}/deliveries'>;

export interface PosthornOptions {
  /** Where the API is; `http://127.0.0.1:3000` without it. Empty, in a browser: where the page came from. */
  readonly url?: string | undefined;
  /** The admin key, or an application's; null sends none, as a page does that signed in with a cookie. */
  readonly key: string | null;
  /** Used instead of the global one. It is given the URL as text, and the body as text or none. */
  readonly fetch?: Fetch | undefined;
  /** For one try of a call, in milliseconds; 30,000 without it. */
  readonly timeoutMs?: number | undefined;
  /**
   * How often a call is repeated at most that was answered 429 or 503, or not at all; 4 without it. Repeated are reads,
   * `send`, `sendBatch`, calls with an `Idempotency-Key`, and those with `idempotent: true`.
   */
  readonly retries?: number | undefined;
  /** Ends all calls, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Every method throws PosthornProblem when the API refuses, and PosthornUnreachable when no answer comes. */
export interface Posthorn {
  /** Typed calls by method and path. */
  readonly api: Api;
  /** Submits an event, which is durable when this resolves. Delivers it once, however often the call is repeated. */
  send(appId: string, event: NewEvent): Promise<Event>;
  /** Submits 1 to 1,000 events, all or none, as `send` does. */
  sendBatch(appId: string, events: readonly NewEvent[]): Promise<readonly Event[]>;
  /** The event as soon as its status is not `pending`. @throws StillPending after `timeoutMs` */
  waitFor(appId: string, eventId: string, options?: WaitOptions): Promise<EventWithDeliveries>;
  /** All events that fit, the newest first. */
  events(appId: string, filter?: EventFilter): AsyncIterable<Event>;
  /** All deliveries that fit, the newest first. */
  deliveries(appId: string, filter?: DeliveryFilter): AsyncIterable<Delivery>;
  /** What changes from now on, or from `lastEventId` on, until the loop or the signal ends it. */
  stream(appId: string, options?: StreamOptions): AsyncIterable<StreamMessage>;
}

const LOCAL_URL = 'http://127.0.0.1:3000';
const TIMEOUT_MS = 30_000;
const RETRIES = 4;

/** A client of one Posthorn with one key. It keeps nothing open between calls but what `fetch` does. */
export function createPosthorn(options: PosthornOptions): Posthorn {
  const { url = LOCAL_URL, key, timeoutMs = TIMEOUT_MS, retries = RETRIES, signal } = options;
  // Not the global itself: a browser's refuses to be called as a member of something else.
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const settings: CallSettings = { fetch, timeoutMs, retries, signal };
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const base = url.replace(/\/+$/, '');
  const api = createApi(base, headers, repeatingFetch(settings));

  return {
    api,
    async send(appId, event) {
      const { data } = await api.POST('/v1/apps/{app_id}/events', {
        params: { path: { app_id: appId }, header: newKey() },
        // The document has an event for each profile, and not one of any.
        body: event as EventBody,
      });
      return data.event;
    },
    async sendBatch(appId, events) {
      const { data } = await api.POST('/v1/apps/{app_id}/events/batch', {
        params: { path: { app_id: appId }, header: newKey() },
        body: { events } as BatchBody,
      });
      return data.events;
    },
    waitFor(appId, eventId, wait = {}) {
      const signals = [signal, wait.signal];
      const look = async () => {
        const { data } = await api.GET('/v1/apps/{app_id}/events/{event_id}', {
          params: { path: { app_id: appId, event_id: eventId } },
          ...(wait.signal ? { signal: wait.signal } : {}),
        });
        return data.event;
      };
      return untilSettled(look, wait, signals);
    },
    events: (appId, filter = {}) =>
      rowsOf(async (cursor) => {
        const params = { path: { app_id: appId }, query: { ...filter, ...cursor } };
        const { data } = await api.GET('/v1/apps/{app_id}/events', { params });
        return { rows: data.events, next: data.next_cursor };
      }),
    deliveries: (appId, filter = {}) =>
      rowsOf(async (cursor) => {
        const params = { path: { app_id: appId }, query: { ...filter, ...cursor } };
        const { data } = await api.GET('/v1/apps/{app_id}/deliveries', { params });
        return { rows: data.deliveries, next: data.next_cursor };
      }),
    stream: (appId, wanted = {}) => messagesOf(settings, streamUrl(base, appId, wanted), headers, wanted),
  };
}

/**
 * The API derives the ids of events from it where they have none, so that a repetition names the same events: each
 * profile has its own form of ids, which only the API knows.
 */
function newKey(): { 'Idempotency-Key': string } {
  // Not `randomUUID`, which browsers have only where the page came by HTTPS.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { 'Idempotency-Key': hex };
}

function streamUrl(base: string, appId: string, { kinds, webhookId, eventId }: StreamOptions): string {
  const query = new URLSearchParams({
    ...(kinds ? { kinds: kinds.join(',') } : {}),
    ...(webhookId === undefined ? {} : { webhook_id: webhookId }),
    ...(eventId === undefined ? {} : { event_id: eventId }),
  });
  const text = query.size === 0 ? '' : `?${query.toString()}`;
  return `${base}/v1/apps/${encodeURIComponent(appId)}/stream${text}`;
}
