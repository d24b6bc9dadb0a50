import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { forApi, settingsIn, type SettingFlags } from './settings.js';
import { endpointText } from './view.js';

/** `posthorn endpoints create`. */
export async function run([url = '']: readonly string[], flags: ClientFlags & SettingFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const webhook = { ...settingsIn(flags), url };
  const { data } = await api.POST('/v1/apps/{app_id}/webhooks', {
    params: { path: { app_id: await app() } },
    body: { webhook: forApi(webhook) },
  });
  out.answer(data, () => `${endpointText(data.webhook, out)}\nSecret       ${data.webhook.secret ?? '–'}`);
  out.hint(`Try it: posthorn endpoints test ${data.webhook.id}`);
}
