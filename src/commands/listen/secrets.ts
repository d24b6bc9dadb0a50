import type { Api } from '../../client/index.js';
import type { Profile } from '../../verify/index.js';

/** What an endpoint signs with, as its receiver needs it. */
export async function secretsOf(api: Api, appId: string, endpointId: string): Promise<readonly string[]> {
  const { data } = await api.GET('/v1/apps/{app_id}/webhooks/{id}/secret', {
    params: { path: { app_id: appId, id: endpointId } },
  });
  return [data.public_key ?? data.secret];
}

/** The system that an application's events are signed like. */
export async function profileOf(api: Api, appId: string): Promise<Profile> {
  const { data } = await api.GET('/v1/apps/{app_id}', { params: { path: { app_id: appId } } });
  return data.app.profile;
}
