import { hostname } from 'node:os';
import { PosthornProblem, type Api } from '../../client/index.js';
import { forApi } from '../endpoints/settings.js';

/** The endpoint that a `listen` makes for itself, marked so that the next one can tell whose it was. */
const MARK = 'posthorn_listen';
const HOST = 'posthorn_listen_host';

export interface OwnEndpoint {
  readonly id: string;
  readonly secret: string;
  remove(): Promise<void>;
}

/** Makes an endpoint of the application for this process. */
export async function makeOwnEndpoint(
  api: Api,
  appId: string,
  { url, eventTypes }: { readonly url: string; readonly eventTypes: string[] },
): Promise<OwnEndpoint> {
  const webhook = {
    url,
    event_types: eventTypes,
    description: `posthorn listen on ${hostname()}`,
    metadata: { [MARK]: process.pid, [HOST]: hostname() },
  };
  const { data } = await api.POST('/v1/apps/{app_id}/webhooks', {
    params: { path: { app_id: appId } },
    body: { webhook: forApi(webhook) },
  });
  const { id, secret } = data.webhook;
  if (secret === null) throw new Error('a new endpoint’s secret was shown before');
  return { id, secret, remove: () => remove(api, appId, id) };
}

/** Deletes what runs of this machine have left behind that were killed. @returns how many */
export async function sweep(api: Api, appId: string): Promise<number> {
  let cursor: string | null = null;
  let swept = 0;
  do {
    const query: { limit: number; cursor?: string } =
      cursor === null ? { limit: 100 } : { limit: 100, cursor };
    const { data } = await api.GET('/v1/apps/{app_id}/webhooks', {
      params: { path: { app_id: appId }, query },
    });
    for (const { id, metadata } of data.webhooks) {
      if (!isLeftBehind(metadata)) continue;
      await remove(api, appId, id);
      swept += 1;
    }
    cursor = data.next_cursor;
  } while (cursor !== null);
  return swept;
}

function isLeftBehind(metadata: unknown): boolean {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { [MARK]: pid, [HOST]: host } = metadata as Readonly<Record<string, unknown>>;
  if (typeof pid !== 'number' || host !== hostname()) return false;
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

async function remove(api: Api, appId: string, id: string): Promise<void> {
  try {
    await api.DELETE('/v1/apps/{app_id}/webhooks/{id}', {
      params: { path: { app_id: appId, id } },
      idempotent: true,
    });
  } catch (error) {
    if (!(error instanceof PosthornProblem) || error.status !== 404) throw error;
  }
}
