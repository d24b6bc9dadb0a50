import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { endpointText } from './view.js';

/** `posthorn endpoints get`. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.GET('/v1/apps/{app_id}/webhooks/{id}', {
    params: { path: { app_id: await app(), id } },
  });
  out.answer(data, () => endpointText(data.webhook, out));
}
