import type { ClientFlags } from '../shared/client-flags.js';
import { millisecondsIn } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { openSession } from '../shared/session.js';
import { outcomeText } from '../deliveries/view.js';

/** `posthorn endpoints test`: ends with 7 when the endpoint did not take the event. */
export async function run(
  [id = '']: readonly string[],
  flags: ClientFlags & { readonly wait: string },
): Promise<void> {
  const { api, app, out, posthorn } = await openSession(flags);
  const appId = await app();
  const { data } = await api.POST('/v1/apps/{app_id}/webhooks/{id}/test', {
    params: { path: { app_id: appId, id } },
  });
  const timeoutMs = millisecondsIn(flags.wait, '--wait');
  const event = await posthorn.waitFor(appId, data.event.id, { timeoutMs });
  out.answer({ event }, () => event.deliveries.map((delivery) => outcomeText(delivery, out)).join('\n'));
  if (event.status !== 'delivered') process.exitCode = EXIT.bad;
}
