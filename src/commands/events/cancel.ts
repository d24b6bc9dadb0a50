import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn events cancel`. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.POST('/v1/apps/{app_id}/events/{event_id}/cancel', {
    params: { path: { app_id: await app(), event_id: id } },
  });
  out.answer(data, () => `${data.event.id}  ${data.event.event_type}  ${data.event.status}`);
}
