import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { standingText } from '../deliveries/view.js';

/** `posthorn events resend`. */
export async function run(
  [id = '']: readonly string[],
  flags: ClientFlags & { readonly endpoint?: string },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.POST('/v1/apps/{app_id}/events/{event_id}/resend', {
    params: { path: { app_id: await app(), event_id: id } },
    body: flags.endpoint === undefined ? {} : { webhook_id: flags.endpoint },
  });
  out.answer(
    data,
    () =>
      data.deliveries
        .map((delivery) => `${delivery.id} to ${delivery.webhook_id}  ${standingText(delivery, out)}`)
        .join('\n'),
    data.deliveries,
  );
  out.hint(`See how it ends: posthorn why ${id}`);
}
