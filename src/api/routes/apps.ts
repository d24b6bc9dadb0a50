import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertApiKey, SCOPES } from '../../store/api-keys.js';
import { DEFAULT_SETTINGS, deleteApp, insertApp, listApps, settingsOf, updateApp } from '../../store/apps.js';
import { endpointsWithWaitingDeliveries } from '../../store/held-deliveries.js';
import { unwellEndpoints } from '../../store/health.js';
import { lockEndpointsOfApp } from '../../store/endpoints.js';
import { inTransaction } from '../../store/pool.js';
import { openRecoveryJobs } from '../../store/recovery-jobs.js';
import { atOnce } from '../../at-once.js';
import { newApiKey } from '../auth.js';
import type { ApiContext } from '../context.js';
import { pageOf, pageQuery } from '../pagination.js';
import { problems } from '../problem.js';
import { appRoute, route, type Route } from '../route.js';
import { appChangesBody, newAppBody } from '../schemas/apps.js';
import { apiKeyView, appAnswer, appView, newApiKeyAnswer } from '../views/apps.js';
import { page } from '../views/fields.js';

/** To Temporal, while an application's rows are locked. */
const CALLS_AT_ONCE = 20;

export function appRoutes({ pool, authenticator, workflows, routing }: ApiContext): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/apps',
      summary: 'Makes an application with its first key.',
      success: [201, z.object({ app: appAnswer, api_key: newApiKeyAnswer })],
      access: 'admin',
      body: newAppBody,
      idempotencyKey: 'remembered',
      shownAgain: ({ app, api_key }) => ({ app, api_key: { ...api_key, key: null } }),
      handle({ body, once }) {
        const createdAt = new Date();
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
      async handle({ query }) {
        const { rows, nextCursor } = await pageOf(query, (request) => listApps(pool, request));
        return { apps: rows.map(appView), next_cursor: nextCursor };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id',
      summary: 'Gives an application.',
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
      async handle({ params, body }) {
        const { name, settings } = body;
        const changes = { name, settings: settings === undefined ? undefined : settingsChanges(settings) };
        const app = await updateApp(pool, params.app_id ?? '', changes);
        if (!app) throw problems.notFound();
        routing.forget(app.id);
        return { app: appView(app) };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/apps/:app_id',
      summary: 'Deletes an application with all that belongs to it.',
      success: [204, null],
      access: 'admin',
      async handle({ params }) {
        const appId = params.app_id ?? '';
        await inTransaction(pool, async (client) => {
          await lockEndpointsOfApp(client, appId);
          const waiting = await endpointsWithWaitingDeliveries(client, appId);
          const unwell = await unwellEndpoints(client, appId);
          const recoveries = await openRecoveryJobs(client, appId, null);
          if (!(await deleteApp(client, appId))) throw problems.notFound();
          // The open deliveries of its endpoints end, and nobody watches their health any more.
          await atOnce(CALLS_AT_ONCE, waiting, (id) => workflows.startDrain(id));
          await atOnce(CALLS_AT_ONCE, unwell, (id) => workflows.remindHealth(id));
          for (const job of recoveries) await workflows.startRecovery(job);
          // Waits for the commit, and ends after a rollback: there is never the deletion without it.
          await workflows.startRemoval(appId);
        });
        authenticator.forget();
        routing.forget(appId);
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
