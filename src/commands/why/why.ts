import { PosthornProblem, type AnswerOf, type Api, type components } from '../../client/index.js';
import { deliveryText } from '../deliveries/view.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { openSession, type Session } from '../shared/session.js';
import { eventSentences } from './sentences.js';

type Matches = AnswerOf<'/v1/apps/{app_id}/events/{event_id}/matches', 'get'>;
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
  const { data } = await api.GET('/v1/apps/{app_id}/deliveries/{id}', {
    params: { path: { app_id: appId, id } },
  });
  out.answer(data, () => deliveryText(data.delivery, out));
}

async function tellOf({ api, out }: Session, appId: string, event: Event): Promise<void> {
  const isRecorded = event.status !== 'pending' || event.deliveries.length > 0;
  const found = isRecorded ? await matchesOf(api, appId, event.id) : { matches: null, next_cursor: null };
  // The API's two answers in one object.
  out.answer({ event, ...found }, () =>
    eventSentences({ event, matches: found.matches }, out, process.stdout.columns ?? null),
  );
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

/** The first hundred endpoints: a sentence for each is more than anybody reads. */
async function matchesOf(api: Api, appId: string, eventId: string): Promise<Matches> {
  const path = { app_id: appId, event_id: eventId };
  const { data } = await api.GET('/v1/apps/{app_id}/events/{event_id}/matches', {
    params: { path, query: { limit: 100 } },
  });
  return data;
}
