import type { ClientFlags } from '../shared/client-flags.js';
import { fieldsText } from '../shared/output.js';
import { openSession } from '../shared/session.js';

/** `posthorn endpoints secret`. */
export async function run(
  [id = '']: readonly string[],
  flags: ClientFlags & { readonly print?: true },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.GET('/v1/apps/{app_id}/webhooks/{id}/secret', {
    params: { path: { app_id: await app(), id } },
  });
  if (flags.print) {
    out.line(data.secret);
    return;
  }
  const previous = data.previous_expires_at;
  out.answer(data, () =>
    fieldsText([
      ['Secret', data.secret],
      ['Public key', data.public_key],
      ['Old secret', previous === null ? null : `signs, too; its last time is ${out.times.of(previous)}`],
    ]),
  );
}
