import { randomUUID } from 'node:crypto';
import { profileById } from '../../src/profiles/index.js';
import { DEFAULT_SETTINGS, type App, type AppSettings } from '../../src/domain/app.js';
import { contentHashOf } from '../../src/lib/canonical-json.js';
import { insertApp } from '../../src/store/apps/apps.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { insertEndpoint } from '../../src/store/endpoints/endpoints.js';
import type { Pool } from '../../src/store/database/pool.js';
import type { Sealer } from '../../src/store/secrets/sealer.js';
import type { EventInput } from '../../src/workflows/contract/event.js';

/** What workflow tests put into the database and into Temporal without the API. */

export async function givenApp(
  pool: Pool,
  profile: string,
  settings: Partial<AppSettings> = {},
): Promise<App> {
  const app = appOf(profile, settings);
  await insertApp(pool, app);
  return app;
}

/** An application as a value. */
export function appOf(profile: string, settings: Partial<AppSettings> = {}): App {
  return {
    id: randomUUID(),
    name: 'Acme',
    profile,
    settings: { ...DEFAULT_SETTINGS, environment_id: 'env_1', ...settings },
    createdAt: new Date(),
  };
}

/** An endpoint as a value: active, subscribed to everything, with nothing chosen. */
export function endpointOf(changes: Partial<Endpoint> = {}): Endpoint {
  const now = new Date();
  return {
    id: randomUUID(),
    appId: randomUUID(),
    url: 'https://example.com/hook',
    eventTypes: ['*'],
    retryLimit: null,
    schedule: null,
    description: null,
    metadata: {},
    enabled: true,
    disabledAt: null,
    disabledReason: null,
    tripped: null,
    pausedAt: null,
    rateLimit: null,
    maxInFlight: null,
    previousSecrets: [],
    secret: null,
    headers: null,
    createdAt: now,
    updatedAt: now,
    ...changes,
  };
}

export async function givenEndpoint(
  pool: Pool,
  sealer: Sealer,
  app: App,
  changes: Partial<Endpoint> & { url: string },
): Promise<Endpoint> {
  const id = randomUUID();
  const secret = sealer.seal('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', id);
  const endpoint = endpointOf({ id, appId: app.id, secret, ...changes });
  await insertEndpoint(pool, endpoint);
  return endpoint;
}

export function eventInput(app: Pick<App, 'id' | 'profile'>, changes: Partial<EventInput> = {}): EventInput {
  const profile = profileById(app.profile);
  const acceptedAt = new Date();
  const eventId = changes.eventId ?? profile.eventId.fromBytes(Buffer.from(randomUUID() + randomUUID()));
  const eventType = changes.eventType ?? 'user.created';
  const data = { name: 'Ada' };
  return {
    appId: app.id,
    eventId,
    eventType,
    acceptedAt: acceptedAt.toISOString(),
    contentHash: contentHashOf({ event_type: eventType, data, attributes: {} }).toString('hex'),
    envelope: profile.envelope({
      id: eventId,
      type: eventType,
      appId: app.id,
      environmentId: 'env_1',
      acceptedAt,
      data,
      attributes: profile.testEvent.attributes,
    }),
    ...changes,
  };
}
