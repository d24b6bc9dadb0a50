import type { ClientFlags } from '../shared/client-flags.js';
import { fieldsText } from '../shared/output.js';
import { openSession } from '../shared/session.js';

/** `posthorn apps get`. */
export async function run([id]: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.GET('/v1/apps/{app_id}', { params: { path: { app_id: id ?? (await app()) } } });
  const { settings } = data.app;
  out.answer(data, () =>
    fieldsText([
      ['Application', `${data.app.id}  ${data.app.name}`],
      ['Profile', data.app.profile],
      ['Created', out.times.of(data.app.created_at)],
      ...Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)] as const),
    ]),
  );
}
