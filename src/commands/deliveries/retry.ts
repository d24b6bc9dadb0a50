import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { standingText } from './view.js';

/** `posthorn deliveries retry`. */
export async function run([id = '']: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.POST('/v1/apps/{app_id}/deliveries/{id}/retry', {
    params: { path: { app_id: await app(), id } },
  });
  const { delivery } = data;
  out.answer(data, () => `${delivery.id}  ${standingText(delivery, out)}, attempt ${delivery.attempt_count}`);
  out.hint(`See how it ends: posthorn why ${id}`);
}
