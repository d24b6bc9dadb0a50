import type { Profile } from '../../profiles/profile.js';
import type { App } from '../../domain/app.js';
import type { Endpoint, EndpointActivity } from '../../domain/endpoint.js';
import {
  deleteEndpoint,
  findEndpoint,
  findEndpointWithActivity,
  lockAndCountEndpoints,
  lockEndpoint,
  updateEndpoint,
} from '../../store/endpoints/endpoints.js';
import { inTransaction } from '../../store/database/pool.js';
import { openRecoveryJobs } from '../../store/recoveries/recovery-jobs.js';
import { afterCommit } from '../after-commit.js';
import type { ApiContext } from '../context.js';
import { assertRoomForOneMore } from './create-endpoint.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { problems } from '../http/problem.js';

/** What may be changed of an endpoint; undefined leaves a member as it is. */
export interface EndpointChanges extends EndpointSettings {
  readonly paused?: boolean | undefined;
  /** Takes the place of the one before at once, and of those whose grace lasts (0008). */
  readonly secret?: string | undefined;
}

/** @throws Problem 404 */
export async function existingEndpoint(
  { pool }: ApiContext,
  app: App,
  id: string | undefined,
): Promise<Endpoint> {
  const endpoint = await findEndpoint(pool, app.id, id ?? '');
  if (!endpoint) throw problems.notFound();
  return endpoint;
}

/** For an answer that shows it. @throws Problem 404 */
export async function existingEndpointWithActivity(
  { pool }: ApiContext,
  app: App,
  id: string | undefined,
): Promise<Endpoint & EndpointActivity> {
  const endpoint = await findEndpointWithActivity(pool, app.id, id ?? '');
  if (!endpoint) throw problems.notFound();
  return endpoint;
}

/** @throws Problem 409 for one that is disabled, about to be, or paused */
export function assertTakesDeliveries({ enabled, tripped, pausedAt }: Endpoint): void {
  if (!enabled || tripped !== null) throw problems.endpointDisabled();
  if (pausedAt !== null) throw problems.endpointPaused();
}

/**
 * Changes an endpoint under its row's lock, so that changes at the same time do not undo each other. Enabling and
 * resuming it let its held deliveries go on.
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
    // Lock order everywhere: application, then endpoint.
    const count = changes.enabled === true ? await lockAndCountEndpoints(client, app.id) : null;
    const endpoint = await lockEndpoint(client, app.id, id ?? '');
    if (!endpoint) throw problems.notFound();
    if (count && !endpoint.enabled) assertRoomForOneMore(profile, count.active);
    await updateEndpoint(client, changed(endpoint, changes, context), changes.enabled === true);
  });
  const { workflows } = context;
  context.changes.tell({ kind: 'webhook', appId: app.id, id: id ?? '' });
  await afterCommit(
    context,
    ...(mayLetGo(changes) ? [() => workflows.startDrain(id ?? '')] : []),
    ...(changes.enabled === undefined ? [] : [() => workflows.remindHealth(id ?? '')]),
  );
  return existingEndpointWithActivity(context, app, id);
}

/**
 * Deletes an endpoint; its held deliveries are released, and end. Its recoveries end too, those that wait paused.
 * @throws Problem 404
 */
export async function removeEndpoint(context: ApiContext, app: App, id: string | undefined): Promise<void> {
  const { pool, workflows } = context;
  const recoveries = await inTransaction(pool, async (client) => {
    // Under its lock: nobody begins a recovery meanwhile.
    const endpoint = await lockEndpoint(client, app.id, id ?? '');
    if (!endpoint) throw problems.notFound();
    const open = await openRecoveryJobs(client, app.id, endpoint.id);
    await deleteEndpoint(client, app.id, endpoint.id);
    return open;
  });
  await afterCommit(
    context,
    () => workflows.startDrain(id ?? ''),
    () => workflows.remindHealth(id ?? ''),
    ...recoveries.map((job) => () => workflows.startRecovery(job)),
  );
}

/** Changes after which held deliveries may go on: its limits may have been what they waited for, too. */
function mayLetGo(changes: EndpointChanges): boolean {
  const { enabled, paused, rateLimit, maxInFlight } = changes;
  return enabled === true || paused === false || rateLimit !== undefined || maxInFlight !== undefined;
}

function changed(
  endpoint: Endpoint,
  changes: EndpointChanges,
  { sealer, now: timeNow }: ApiContext,
): Endpoint {
  const now = timeNow();
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
    ...(changes.secret === undefined
      ? {}
      : { secret: sealer.seal(changes.secret, endpoint.id), previousSecrets: [] }),
    rateLimit: changes.rateLimit === undefined ? endpoint.rateLimit : changes.rateLimit,
    maxInFlight: changes.maxInFlight === undefined ? endpoint.maxInFlight : changes.maxInFlight,
    ...(changes.paused === undefined ? {} : { pausedAt: changes.paused ? (endpoint.pausedAt ?? now) : null }),
    ...(changes.enabled === undefined ? {} : enablement(endpoint, changes.enabled, now)),
    updatedAt: now,
  };
}

function enablement(endpoint: Endpoint, enabled: boolean, now: Date) {
  if (enabled) return { enabled, disabledAt: null, disabledReason: null };
  return endpoint.enabled ? { enabled, disabledAt: now, disabledReason: 'manual' } : {};
}
