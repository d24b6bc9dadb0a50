import type { ClientFlags } from '../shared/client-flags.js';
import { fieldsText } from '../shared/output.js';
import { appOfKey, openSession } from '../shared/session.js';

/** `posthorn whoami`. */
export async function run(_args: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, connection, out } = await openSession(flags);
  const appId = await appOfKey(api);
  if (appId === null) await api.GET('/v1/apps', { params: { query: { limit: 1 } } });
  const kind = appId === null ? 'admin' : 'application';
  out.answer({ url: connection.url, key: { kind, app_id: appId, from: connection.keyFrom } }, () =>
    fieldsText([
      ['API', `${connection.url}, from ${connection.urlFrom}`],
      ['Key', `${appId === null ? 'the admin key' : 'an application’s key'}, from ${connection.keyFrom}`],
      ['Application', appId ?? connection.app],
      ['Temporal UI', connection.temporalUiUrl],
    ]),
  );
}
