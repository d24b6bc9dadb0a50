import type { components } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { fieldsText } from '../shared/output.js';
import { openSession } from '../shared/session.js';

type Profile = components['schemas']['Application']['profile'];

/** `posthorn apps create`. */
export async function run(
  [name = '']: readonly string[],
  flags: ClientFlags & { readonly profile?: string },
): Promise<void> {
  const { api, out } = await openSession(flags);
  // The API has the list of profiles, and says so of one that there is not.
  const profile = flags.profile === undefined ? {} : { profile: flags.profile as Profile };
  const { data } = await api.POST('/v1/apps', { body: { name, ...profile } });
  out.answer(data, () =>
    fieldsText([
      ['Application', `${data.app.id}  ${data.app.name}`],
      ['Profile', data.app.profile],
      ['Key', data.api_key.key],
    ]),
  );
  out.hint('The key is shown this once: keep it, with `posthorn login` for instance.');
}
