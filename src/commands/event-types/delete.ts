import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn event-types delete`. */
export async function run([name = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  await api.DELETE('/v1/apps/{app_id}/event-types/{event_type}', {
    params: { path: { app_id: await app(), event_type: name } },
  });
  out.hint(`Deleted the event type ${name}.`);
}
