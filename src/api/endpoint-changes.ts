import type { ScheduleChoice } from '../delivery/schedule-choice.js';
import type { Profile } from '../profiles/profile.js';
import type { App } from '../store/apps.js';
import {
  deleteEndpoint,
  findEndpoint,
  lockAndCountEndpoints,
  lockEndpoint,
  updateEndpoint,
  type Endpoint,
  type EndpointActivity,
} from '../store/endpoints.js';
import { inTransaction } from '../store/pool.js';
import type { ApiContext } from './context.js';
import { assertRoomForOneMore } from './create-endpoint.js';
import { problems } from './problem.js';

/** What may be changed of an endpoint; undefined leaves a member as it is. */
export interface EndpointChanges {
  readonly url?: string | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly retryLimit?: number | null | undefined;
  readonly schedule?: ScheduleChoice | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: unknown;
  readonly enabled?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly secret?: string | undefined;
}

/** @throws Problem 404 */
export async function existingEndpoint(
  { pool }: ApiContext,
  app: App,
  id: string | undefined,
): Promise<Endpoint & EndpointActivity> {
  const endpoint = await findEndpoint(pool, app.id, id ?? '');
  if (!endpoint) throw problems.notFound();
  return endpoint;
}

/**
 * Changes an endpoint under its row's lock, so that changes at the same time do not undo each other. Enabling it
 * lets its held deliveries go on: their release is started before the change is committed, and waits for that. So
 * there is never the one without the other.
 * @throws Problem 404, 409
 */
export async function changeEndpoint(
  context: ApiContext,
  app: App,
  profile: Profile,
  id: string | undefined,
  changes: EndpointChanges,
): Promise<Endpoint & EndpointActivity> {
  await inTransaction(context.pool, async (client) => {
    // The application before the endpoint, as everybody who locks both does.
    const count = changes.enabled === true ? await lockAndCountEndpoints(client, app.id) : null;
    const endpoint = await lockEndpoint(client, app.id, id ?? '');
    if (!endpoint) throw problems.notFound();
    if (count && !endpoint.enabled) assertRoomForOneMore(profile, count.active);
    await updateEndpoint(client, changed(endpoint, changes, context));
    if (changes.enabled === true) await context.workflows.startDrain(endpoint.id);
  });
  return existingEndpoint(context, app, id);
}

/**
 * Deletes an endpoint; its held deliveries are released, and end.
 * @throws Problem 404
 */
export async function removeEndpoint(
  { pool, workflows }: ApiContext,
  app: App,
  id: string | undefined,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await deleteEndpoint(client, app.id, id ?? ''))) throw problems.notFound();
    await workflows.startDrain(id ?? '');
  });
}

function changed(endpoint: Endpoint, changes: EndpointChanges, { sealer }: ApiContext): Endpoint {
  const now = new Date();
  const headers = changes.headers
    ? sealer.seal(JSON.stringify(changes.headers), endpoint.id)
    : endpoint.headers;
  return {
    ...endpoint,
    url: changes.url ?? endpoint.url,
    eventTypes: changes.eventTypes ?? endpoint.eventTypes,
    retryLimit: changes.retryLimit === undefined ? endpoint.retryLimit : changes.retryLimit,
    schedule: changes.schedule === undefined ? endpoint.schedule : changes.schedule,
    description: changes.description === undefined ? endpoint.description : changes.description,
    metadata: changes.metadata === undefined ? endpoint.metadata : changes.metadata,
    headers,
    secret: changes.secret === undefined ? endpoint.secret : sealer.seal(changes.secret, endpoint.id),
    ...(changes.enabled === undefined ? {} : enablement(endpoint, changes.enabled, now)),
    updatedAt: now,
  };
}

function enablement(endpoint: Endpoint, enabled: boolean, now: Date) {
  if (enabled) return { enabled, disabledAt: null, disabledReason: null };
  return endpoint.enabled ? { enabled, disabledAt: now, disabledReason: 'manual' } : {};
}
