import type { AnswerOf } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn deliveries request`. */
export async function run(
  [id = '']: readonly string[],
  flags: ClientFlags & { readonly curl?: true; readonly reveal?: true },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data: request } = await api.GET('/v1/apps/{app_id}/deliveries/{id}/request', {
    params: { path: { app_id: await app(), id }, query: flags.reveal ? { reveal: 'true' } : {} },
  });
  out.answer(request, () => (flags.curl ? request.curl : requestText(request)));
}

type DeliveryRequest = AnswerOf<'/v1/apps/{app_id}/deliveries/{id}/request', 'get'>;

/** As it goes over the wire. */
function requestText({ method, url, headers, body }: DeliveryRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...lines, '', body].join('\n');
}
