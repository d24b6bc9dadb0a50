import type { components } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { fieldsText } from '../shared/output.js';
import { openSession } from '../shared/session.js';

type Scope = components['schemas']['ApiKey']['scopes'][number];

/** `posthorn apps keys create`. */
export async function run(
  [name]: readonly string[],
  flags: ClientFlags & { readonly scopes?: string },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const scopes = flags.scopes?.split(',').map((scope) => scope.trim() as Scope);
  const { data } = await api.POST('/v1/apps/{app_id}/keys', {
    params: { path: { app_id: await app() } },
    body: { ...(name === undefined ? {} : { name }), ...(scopes === undefined ? {} : { scopes }) },
  });
  out.answer(data, () =>
    fieldsText([
      ['Id', data.api_key.id],
      ['Key', data.api_key.key],
      ['Scopes', data.api_key.scopes.join(', ')],
    ]),
  );
  out.hint('The key is shown this once: keep it.');
}
