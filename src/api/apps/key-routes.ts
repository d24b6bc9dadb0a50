import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deleteApiKey, insertApiKey, listApiKeys } from '../../store/apps/api-keys.js';
import { findApp, lockApp } from '../../store/apps/apps.js';
import { newApiKey } from '../access/auth.js';
import type { ApiContext } from '../context.js';
import { leasesEnd } from '../../lib/leased-cache.js';
import { pageQuery } from '../http/pagination.js';
import { problems } from '../http/problem.js';
import { route, type Route } from '../http/route.js';
import { newKeyBody } from './requests.js';
import { apiKeyAnswer, apiKeyView, newApiKeyAnswer } from './views.js';
import { page } from '../http/view-fields.js';

export function keyRoutes({ pool, lists, now }: ApiContext): Route[] {
  const existingApp = async (id: string | undefined) => {
    const app = await findApp(pool, id ?? '');
    if (!app) throw problems.notFound();
    return app;
  };
  return [
    route({
      method: 'post',
      path: '/v1/apps/:app_id/keys',
      summary: 'Creates a key of an application, and shows it once.',
      success: [201, z.object({ api_key: newApiKeyAnswer })],
      access: 'admin',
      body: newKeyBody,
      example: { name: 'checkout', scopes: ['events:write'] },
      bodyOptional: true,
      idempotencyKey: 'remembered',
      shownAgain: ({ api_key }) => ({ api_key: { ...api_key, key: null } }),
      handle({ params, body, once }) {
        const appId = params.app_id ?? '';
        const apiKey = {
          id: randomUUID(),
          appId,
          name: body.name ?? null,
          scopes: [...new Set(body.scopes)],
          createdAt: now(),
        };
        const { key, hash } = newApiKey();
        return once.inTransaction(async (client) => {
          if (!(await lockApp(client, appId))) throw problems.notFound();
          await insertApiKey(client, apiKey, hash);
          return { api_key: { ...apiKeyView(apiKey), key } };
        });
      },
    }),
    route({
      method: 'get',
      path: '/v1/apps/:app_id/keys',
      summary: "Lists an application's keys, without the secret part.",
      success: [200, page('api_keys', apiKeyAnswer)],
      access: 'admin',
      query: z.strictObject(pageQuery),
      async handle({ caller, params, query }) {
        const app = await existingApp(params.app_id);
        const { rows, nextCursor } = await lists.page(caller, query, (db, request) =>
          listApiKeys(db, app.id, request),
        );
        return { api_keys: rows.map(apiKeyView), next_cursor: nextCursor };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/apps/:app_id/keys/:id',
      summary: 'Revokes a key.',
      success: [204, null],
      access: 'admin',
      async handle({ params }) {
        if (!(await deleteApiKey(pool, params.app_id ?? '', params.id ?? ''))) throw problems.notFound();
        await leasesEnd();
        return undefined;
      },
    }),
  ];
}
