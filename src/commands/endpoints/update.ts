import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { forApi, settingsIn, type SettingFlags } from './settings.js';
import { endpointText } from './view.js';

/** `posthorn endpoints update`: what is not given stays. */
export async function run(
  [id = '']: readonly string[],
  flags: ClientFlags & SettingFlags & { readonly endpointUrl?: string },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const url = flags.endpointUrl === undefined ? {} : { url: flags.endpointUrl };
  const { data } = await api.PATCH('/v1/apps/{app_id}/webhooks/{id}', {
    params: { path: { app_id: await app(), id } },
    body: { webhook: forApi({ ...settingsIn(flags), ...url }) },
  });
  out.answer(data, () => endpointText(data.webhook, out));
}
