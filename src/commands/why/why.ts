import { PosthornProblem, type Api, type components } from '../../client/index.js';
import { deliveryText } from '../deliveries/view.js';
import type { Matches } from '../shared/answers.js';
import { call } from '../shared/call.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { openSession, type Session } from '../shared/session.js';
import { eventSentences } from './sentences.js';

type Event = components['schemas']['EventWithDeliveries'];

/** Deliveries have ids of this form; events may, too. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `posthorn why`: an event, else a delivery. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const session = await openSession(flags);
  const { api, app, out } = session;
  const appId = await app();
  const event = await eventOf(api, appId, id);
  if (event !== null) return tellOf(session, appId, event);
  const { data } = await api.GET('/v1/apps/{app_id}/deliveries/{id}', { params: { path: { app_id: appId, id } } });
  out.answer(data, () => deliveryText(data.delivery, out));
}

async function tellOf({ api, out }: Session, appId: string, event: Event): Promise<void> {
  const matches = await matchesOf(api, appId, event.id);
  // The API's two answers in one object.
  const answer = matches === null ? { event } : { event, matches: matches.matches };
  const width = process.stdout.columns ?? null;
  const urls = matches ? new Map(matches.matches.map(({ webhook_id, url }) => [webhook_id, url])) : null;
  const known = urls ?? (out.form === 'table' ? await urlsOf(api, appId, event) : new Map<string, string>());
  out.answer(answer, () => eventSentences({ event, urls: known, matches: matches?.matches ?? [] }, out, width));
}

async function eventOf(api: Api, appId: string, id: string): Promise<Event | null> {
  try {
    const path = { app_id: appId, event_id: id };
    return (await api.GET('/v1/apps/{app_id}/events/{event_id}', { params: { path } })).data.event;
  } catch (error) {
    // What looks like a delivery's id may be one.
    if (error instanceof PosthornProblem && error.status === 404 && UUID.test(id)) return null;
    throw error;
  }
}

/** Null from a Posthorn that does not have the route, and for a key that may not read it. */
async function matchesOf(api: Api, appId: string, eventId: string): Promise<Matches | null> {
  try {
    const path = `/v1/apps/${appId}/events/${encodeURIComponent(eventId)}/matches`;
    return await call<Matches>(api, 'GET', path, { query: { limit: 100 } });
  } catch (error) {
    if (error instanceof PosthornProblem && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}

/** The URLs of the endpoints that the event went to. A key that may read events alone gets none. */
async function urlsOf(api: Api, appId: string, event: Event): Promise<Map<string, string>> {
  const ids = [...new Set(event.deliveries.map(({ webhook_id }) => webhook_id))];
  const urls = new Map<string, string>();
  for (const id of ids) {
    try {
      const { data } = await api.GET('/v1/apps/{app_id}/webhooks/{id}', { params: { path: { app_id: appId, id } } });
      urls.set(id, data.webhook.url);
    } catch (error) {
      if (!(error instanceof PosthornProblem)) throw error;
    }
  }
  return urls;
}
