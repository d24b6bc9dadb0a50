import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn apps keys revoke`. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  await api.DELETE('/v1/apps/{app_id}/keys/{id}', { params: { path: { app_id: await app(), id } } });
  out.hint(`Revoked the key ${id}.`);
}
