import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn apps delete`. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, out } = await openSession(flags);
  await api.DELETE('/v1/apps/{app_id}', { params: { path: { app_id: id } } });
  out.hint(`Deleted the application ${id} with its endpoints, events and keys.`);
}
