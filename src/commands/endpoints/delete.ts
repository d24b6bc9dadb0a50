import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn endpoints delete`. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  await api.DELETE('/v1/apps/{app_id}/webhooks/{id}', { params: { path: { app_id: await app(), id } } });
  out.hint(`Deleted the endpoint ${id}. Its open deliveries have ended.`);
}
