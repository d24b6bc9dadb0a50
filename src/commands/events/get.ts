import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { eventText } from './view.js';

/** `posthorn events get`. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.GET('/v1/apps/{app_id}/events/{event_id}', {
    params: { path: { app_id: await app(), event_id: id } },
  });
  out.answer(data, () => eventText(data.event, out));
}
