import { z } from 'zod';
import { lockApp } from '../../store/apps/apps.js';
import { SCOPES } from '../../store/apps/api-keys.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { optional, withDefault } from '../http/request-fields.js';
import { route, type Route } from '../http/route.js';
import { time } from '../http/view-fields.js';

const TTL_SECONDS = 600;
/** A day: who is sent a link by mail reads it later. */
const LONGEST_TTL_SECONDS = 86_400;

/** Not one that `..` leads out of: other pages would leave the token in the address, unused. */
const isPage = (path: string) =>
  /^\/dashboard\/[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(path) &&
  new URL(path, 'http://host').pathname.startsWith('/dashboard/');

const newLinkBody = z
  .strictObject({
    app_id: optional(z.uuid()).describe('The application that the person sees; without it, all of them.'),
    scopes: optional(z.array(z.enum(SCOPES)).min(1).max(SCOPES.length)).describe(
      'What the person may do in the application; everything by default.',
    ),
    ttl_seconds: withDefault(z.number().int().min(1).max(LONGEST_TTL_SECONDS), TTL_SECONDS).describe(
      'How long the link can be used.',
    ),
    path: optional(
      z.string().max(1_000).refine(isPage, 'must begin with /dashboard/ and stay under it, in visible ASCII'),
    ).describe('The page that it leads to.'),
  })
  .superRefine(({ app_id, scopes }, context) => {
    if (app_id !== undefined || scopes === undefined) return;
    const message =
      'is for a link to an application alone: without "app_id" it signs in as the administrator';
    context.addIssue({ code: 'custom', path: ['scopes'], message });
  });

/** Links to the dashboard that sign a person in without a key. */
export function dashboardLinkRoutes({ sessions }: ApiContext): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/dashboard-links',
      summary: 'Makes a link to the dashboard that signs a person in, once.',
      success: [
        201,
        z.object({
          url: z
            .string()
            .nullable()
            .describe('It begins with the origin by which this request came. Shown once.'),
          expires_at: time,
        }),
      ],
      access: 'admin',
      body: newLinkBody,
      example: { ttl_seconds: 300, path: '/dashboard/apps' },
      bodyOptional: true,
      idempotencyKey: 'remembered',
      shownAgain: (answer) => ({ ...answer, url: null }),
      handle({ body, once, origin }) {
        const { app_id: appId = null, scopes = SCOPES, ttl_seconds, path } = body;
        const page = path ?? (appId === null ? '/dashboard/apps' : `/dashboard/apps/${appId}`);
        return once.inTransaction(async (client) => {
          if (appId !== null && !(await lockApp(client, appId))) {
            throw problems.validationFailed([{ pointer: '/app_id', detail: 'is no application' }]);
          }
          const { token, expiresAt } = await sessions.makeLink(
            client,
            { appId, scopes: [...new Set(scopes)] },
            ttl_seconds,
          );
          // What stands in a fragment is sent to nobody, and logged by nobody.
          return { url: `${origin()}${page}#once=${token}`, expires_at: expiresAt };
        });
      },
    }),
  ];
}
