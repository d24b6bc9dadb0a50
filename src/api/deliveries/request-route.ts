import { z } from 'zod';
import { requestHeaders } from '../../delivery/request-headers.js';
import type { App } from '../../domain/app.js';
import type { Profile } from '../../profiles/profile.js';
import { findDelivery } from '../../store/deliveries/deliveries.js';
import { findEndpoint } from '../../store/endpoints/endpoints.js';
import { findEventOf } from '../../store/events/events.js';
import { unsealed } from '../../store/secrets/unsealed.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { appRoute, type Route } from '../http/route.js';

const MASK = '***';

const requestAnswer = z
  .object({
    method: z.literal('POST'),
    url: z.string(),
    headers: z
      .record(z.string(), z.string())
      .describe(`The endpoint's own headers read \`${MASK}\` without \`reveal=true\`.`),
    body: z.string().describe('The exact text that is signed and sent.'),
    curl: z.string().describe('The same as a command of a POSIX shell.'),
  })
  .meta({ id: 'DeliveryRequest' });

/** The request of a delivery, signed for now: whoever has it can make the receiver believe it. */
export function deliveryRequestRoutes({ pool, sealer, now }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/deliveries/:id/request',
      summary:
        'Returns the request of a delivery as it would be sent now, with a signature that is valid now.',
      success: [200, requestAnswer],
      scopes: ['webhooks:write'],
      exampleQuery: { reveal: 'false' },
      query: z.strictObject({
        reveal: z
          .stringbool()
          .default(false)
          .describe("Whether to show the values of the endpoint's own headers."),
      }),
      async handle({ app, profile, params, query }) {
        const { url, body, headers } = await requestOf(app, profile, params.id ?? '', query.reveal);
        return { method: 'POST' as const, url, headers, body, curl: curlOf(url, headers, body) };
      },
    }),
  ];

  /** @throws Problem 404 for a delivery whose endpoint or event is gone, too */
  async function requestOf(app: App, profile: Profile, id: string, reveal: boolean) {
    const delivery = await findDelivery(pool, app.id, id);
    if (!delivery) throw problems.notFound();
    const { day, eventId, endpointId, trigger } = delivery;
    const [endpoint, event] = await Promise.all([
      findEndpoint(pool, app.id, endpointId),
      findEventOf(pool, { day, appId: app.id, id: eventId }),
    ]);
    if (!endpoint || !event) throw problems.notFound();
    const at = now();
    const own = unsealed(sealer, { ...endpoint, endpointId }, at);
    const names = Object.keys(own.headers);
    const sent = { eventId, appName: app.name, body: event.body, isTest: trigger === 'test' };
    const shown = reveal ? own.headers : Object.fromEntries(names.map((name) => [name, MASK]));
    const headers = requestHeaders(profile, sent, { secrets: own.secrets, headers: shown }, at);
    // As it is sent: the parser writes some characters in another way.
    return { url: new URL(endpoint.url).href, body: event.body.toString(), headers };
  }
}

/** A command that sends the same bytes. */
function curlOf(url: string, headers: Readonly<Record<string, string>>, body: string): string {
  // A header without a value would be taken away.
  const lines = Object.entries(headers).map(
    ([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
  );
  // -g: brackets and braces in a URL are its own.
  return [`curl -g -i -X POST ${quoted(url)}`, ...lines, `--data-raw ${quoted(body)}`].join(' \\\n  ');
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
