import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertApiKey, SCOPES } from '../../store/apps/api-keys.js';
import { DEFAULT_SETTINGS } from '../../domain/app.js';
import { deleteApp, insertApp, listApps, lockApp, settingsOf, updateApp } from '../../store/apps/apps.js';
import { lockEndpointsOfApp } from '../../store/endpoints/endpoints.js';
import { inTransaction } from '../../store/database/pool.js';
import { newApiKey } from '../access/auth.js';
import { afterCommit } from '../after-commit.js';
import type { ApiContext } from '../context.js';
import { leasesEnd } from '../../lib/leased-cache.js';
import { pageQuery } from '../http/pagination.js';
import { problems } from '../http/problem.js';
import { appRoute, route, type Route } from '../http/route.js';
import { appChangesBody, newAppBody } from './requests.js';
import { apiKeyView, appAnswer, appView, newApiKeyAnswer } from './views.js';
import { page } from '../http/view-fields.js';

export function appRoutes(context: ApiContext): Route[] {
  const { pool, lists, workflows, now } = context;
  return [
    route({
      method: 'post',
      path: '/v1/apps',
      summary: 'Creates an application with its first key.',
      success: [201, z.object({ app: appAnswer, api_key: newApiKeyAnswer })],
      access: 'admin',
      body: newAppBody,
      example: { name: 'Shop', profile: 'standard', settings: { hold_hours: 48 } },
      idempotencyKey: 'remembered',
      shownAgain: ({ app, api_key }) => ({ app, api_key: { ...api_key, key: null } }),
      handle({ body, once }) {
        const createdAt = now();
        const { environment_id = newEnvironmentId(), ...chosen } = body.settings;
        const settings = settingsOf({ ...chosen, environment_id });
        const app = { ...body, settings, id: randomUUID(), createdAt };
        const apiKey = { id: randomUUID(), appId: app.id, name: null, scopes: SCOPES, createdAt };
        const { key, hash } = newApiKey();
        return once.inTransaction(async (client) => {
          await insertApp(client, app);
          await insertApiKey(client, apiKey, hash);
          return { app: appView(app), api_key: { ...apiKeyView(apiKey), key } };
        });
      },
    }),
    route({
      method: 'get',
      path: '/v1/apps',
      summary: 'Lists the applications.',
      success: [200, page('apps', appAnswer)],
      access: 'admin',
      query: z.strictObject(pageQuery),
      async handle({ caller, query }) {
        const { rows, nextCursor } = await lists.page(caller, query, listApps);
        return { apps: rows.map(appView), next_cursor: nextCursor };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/app',
      summary: 'Returns the application that the key belongs to.',
      success: [200, z.object({ app: appAnswer })],
      scopes: [],
      handle: ({ app }) => Promise.resolve({ app: appView(app) }),
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id',
      summary: 'Returns an application.',
      success: [200, z.object({ app: appAnswer })],
      scopes: [],
      handle: ({ app }) => Promise.resolve({ app: appView(app) }),
    }),
    route({
      method: 'patch',
      path: '/v1/apps/:app_id',
      summary: "Changes an application's name or settings.",
      success: [200, z.object({ app: appAnswer })],
      access: 'admin',
      body: appChangesBody,
      example: { settings: { disable_after_failures: 20 } },
      async handle({ params, body }) {
        const { name, settings } = body;
        const changes = { name, settings: settings === undefined ? undefined : settingsChanges(settings) };
        const app = await updateApp(pool, params.app_id ?? '', changes);
        if (!app) throw problems.notFound();
        await leasesEnd();
        return { app: appView(app) };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/apps/:app_id',
      summary: 'Deletes an application and everything that belongs to it.',
      success: [204, null],
      access: 'admin',
      async handle({ params }) {
        const appId = params.app_id ?? '';
        await inTransaction(pool, async (client) => {
          if (!(await lockApp(client, appId))) throw problems.notFound();
          await lockEndpointsOfApp(client, appId);
          await deleteApp(client, appId);
        });
        await afterCommit(context, () => workflows.startRemoval(appId));
        await leasesEnd();
        return undefined;
      },
    }),
  ];
}

/** Null takes everything back, or one of them: what an application has that says nothing of it. */
function settingsChanges<Changes extends { readonly environment_id?: string | null | undefined }>(
  changes: Changes | null,
) {
  if (changes === null) return { ...DEFAULT_SETTINGS, environment_id: newEnvironmentId() };
  const { environment_id: given, ...others } = changes;
  return given === undefined ? others : { ...others, environment_id: given ?? newEnvironmentId() };
}

function newEnvironmentId(): string {
  return `env_${randomBytes(12).toString('base64url')}`;
}
