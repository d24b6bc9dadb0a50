import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { endpointText } from './view.js';

/** `posthorn endpoints pause`, `resume`, `enable`, `disable`. */
export async function runState(
  action: 'pause' | 'resume' | 'enable' | 'disable',
  [id = '']: readonly string[],
  flags: ClientFlags,
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.POST(`/v1/apps/{app_id}/webhooks/{id}/${action}`, {
    params: { path: { app_id: await app(), id } },
    // Doing it twice changes nothing more.
    idempotent: true,
  });
  out.answer(data, () => endpointText(data.webhook, out));
}
