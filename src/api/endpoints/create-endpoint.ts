import { randomUUID } from 'node:crypto';
import type { Profile } from '../../profiles/profile.js';
import type { App } from '../../domain/app.js';
import type { Endpoint, EndpointActivity } from '../../domain/endpoint.js';
import { insertEndpoint, lockAndCountEndpoints } from '../../store/endpoints/endpoints.js';
import type { Queryable } from '../../store/database/pool.js';
import type { ApiContext } from '../context.js';
import { DEFAULT_ENDPOINT, type EndpointSettings } from './endpoint-settings.js';
import { problems } from '../http/problem.js';

/** One event's deliveries must fit into one workflow: Temporal allows it 2,000 pending activities. */
const MAX_ENDPOINTS = 1_000;

export interface NewEndpoint extends EndpointSettings {
  readonly url: string;
  /** Null: deliveries are not signed. */
  readonly secret: string | null;
}

/**
 * Makes an endpoint, unless the application has as many as it may have. Its routing is to be forgotten once the
 * transaction is committed.
 * @throws Problem 409
 */
export async function createEndpoint(
  client: Queryable,
  { sealer, now: timeNow }: Pick<ApiContext, 'sealer' | 'now'>,
  { app, profile }: { readonly app: App; readonly profile: Profile },
  given: NewEndpoint,
): Promise<Endpoint & EndpointActivity> {
  const id = randomUUID();
  const now = timeNow();
  const enabled = given.enabled ?? DEFAULT_ENDPOINT.enabled;
  const endpoint: Endpoint = {
    id,
    appId: app.id,
    url: given.url,
    eventTypes: given.eventTypes ?? DEFAULT_ENDPOINT.eventTypes,
    retryLimit: given.retryLimit ?? DEFAULT_ENDPOINT.retryLimit,
    schedule: given.schedule ?? DEFAULT_ENDPOINT.schedule,
    description: given.description ?? DEFAULT_ENDPOINT.description,
    metadata: given.metadata ?? DEFAULT_ENDPOINT.metadata,
    enabled,
    disabledAt: enabled ? null : now,
    disabledReason: enabled ? null : 'manual',
    tripped: null,
    pausedAt: null,
    rateLimit: given.rateLimit ?? DEFAULT_ENDPOINT.rateLimit,
    maxInFlight: given.maxInFlight ?? DEFAULT_ENDPOINT.maxInFlight,
    previousSecrets: [],
    secret: given.secret === null ? null : sealer.seal(given.secret, id),
    headers: given.headers ? sealer.seal(JSON.stringify(given.headers), id) : null,
    createdAt: now,
    updatedAt: now,
  };
  const count = await lockAndCountEndpoints(client, app.id);
  if (!count) throw problems.notFound();
  if (count.all >= MAX_ENDPOINTS) throw problems.endpointLimitReached(MAX_ENDPOINTS);
  if (enabled) assertRoomForOneMore(profile, count.active);
  await insertEndpoint(client, endpoint);
  return { ...endpoint, failureCount: 0, lastTriggeredAt: null };
}

/**
 * That one more of an application's endpoints may be active.
 * @throws Problem 409
 */
export function assertRoomForOneMore(profile: Profile, active: number): void {
  const limit = profile.activeEndpointLimit;
  if (limit !== null && active >= limit) throw problems.subscriptionLimitReached(limit);
}
