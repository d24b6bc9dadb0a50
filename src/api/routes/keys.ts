import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deleteApiKey, insertApiKey, listApiKeys } from '../../store/api-keys.js';
import { findApp } from '../../store/apps.js';
import { newApiKey } from '../auth.js';
import type { ApiContext } from '../context.js';
import { pageOf, pageQuery } from '../pagination.js';
import { problems } from '../problem.js';
import { route, type Route } from '../route.js';
import { newKeyBody } from '../schemas/apps.js';
import { apiKeyView } from '../views.js';

export function keyRoutes({ pool, authenticator }: ApiContext): Route[] {
  const existingApp = async (id: string | undefined) => {
    const app = await findApp(pool, id ?? '');
    if (!app) throw problems.notFound();
    return app;
  };
  return [
    route({
      method: 'post',
      path: '/v1/apps/:app_id/keys',
      access: 'admin',
      body: newKeyBody,
      bodyOptional: true,
      async handle({ params, body }) {
        const app = await existingApp(params.app_id);
        const apiKey = {
          id: randomUUID(),
          appId: app.id,
          name: body.name ?? null,
          scopes: [...new Set(body.scopes)],
          createdAt: new Date(),
        };
        const { key, hash } = newApiKey();
        await insertApiKey(pool, apiKey, hash);
        return { status: 201, body: { api_key: { ...apiKeyView(apiKey), key } } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/apps/:app_id/keys',
      access: 'admin',
      query: z.strictObject(pageQuery),
      async handle({ params, query }) {
        const app = await existingApp(params.app_id);
        const { page, nextCursor } = await pageOf(query, (request) => listApiKeys(pool, app.id, request));
        return { status: 200, body: { api_keys: page.map(apiKeyView), next_cursor: nextCursor } };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/apps/:app_id/keys/:id',
      access: 'admin',
      async handle({ params }) {
        if (!(await deleteApiKey(pool, params.app_id ?? '', params.id ?? ''))) throw problems.notFound();
        authenticator.forget();
        return { status: 204 };
      },
    }),
  ];
}
