import type { ClientFlags } from '../shared/client-flags.js';
import { jsonGiven } from '../shared/given-data.js';
import { openSession } from '../shared/session.js';

/** `posthorn event-types create`. */
export async function run(
  [name = '']: readonly string[],
  flags: ClientFlags & { readonly description?: string; readonly schema?: string },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { description } = flags;
  // Whether it is a schema is the API's to say.
  const schema =
    flags.schema === undefined ? {} : { schema: (await jsonGiven(flags.schema, '--schema')) as never };
  const { data } = await api.POST('/v1/apps/{app_id}/event-types', {
    params: { path: { app_id: await app() } },
    body: { name, ...(description === undefined ? {} : { description }), ...schema },
  });
  out.answer(data, () => data.event_type.name);
}
