import type { DeliveryRequest } from '../shared/answers.js';
import { call } from '../shared/call.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn deliveries request`. */
export async function run(
  [id = '']: readonly string[],
  flags: ClientFlags & { readonly curl?: true; readonly reveal?: true },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const path = `/v1/apps/${await app()}/deliveries/${encodeURIComponent(id)}/request`;
  const query = flags.reveal ? { reveal: true } : {};
  const request = await call<DeliveryRequest>(api, 'GET', path, { query });
  out.answer(request, () => (flags.curl ? request.curl : requestText(request)));
}

/** As it goes over the wire. */
function requestText({ method, url, headers, body }: DeliveryRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...lines, '', body].join('\n');
}
