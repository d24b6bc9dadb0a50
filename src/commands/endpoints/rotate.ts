import type { ClientFlags } from '../shared/client-flags.js';
import { durationText, millisecondsIn } from '../shared/durations.js';
import { openSession } from '../shared/session.js';

/** `posthorn endpoints rotate`. */
export async function run(
  [id = '']: readonly string[],
  flags: ClientFlags & { readonly grace: string; readonly secret?: string },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const graceMs = millisecondsIn(flags.grace, '--grace');
  const { data } = await api.POST('/v1/apps/{app_id}/webhooks/{id}/rotate-secret', {
    params: { path: { app_id: await app(), id } },
    body: {
      grace_seconds: Math.round(graceMs / 1_000),
      ...(flags.secret === undefined ? {} : { secret: flags.secret }),
    },
  });
  out.answer(data, () => data.secret);
  out.hint(`Give the receiver the new secret: the old one signs for ${durationText(graceMs)} more.`);
}
