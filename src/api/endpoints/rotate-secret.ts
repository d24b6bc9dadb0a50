import type { App } from '../../domain/app.js';
import { unexpired, type Endpoint, type EndpointActivity } from '../../domain/endpoint.js';
import { lockEndpoint, updateEndpoint } from '../../store/endpoints/endpoints.js';
import { inTransaction } from '../../store/database/pool.js';
import type { Sealer } from '../../store/secrets/sealer.js';
import type { ApiContext } from '../context.js';
import { existingEndpointWithActivity } from './endpoint-changes.js';
import { problems } from '../http/problem.js';

/** Each is one more signature in a header, and no receiver has use for many. */
const MAX_PREVIOUS = 5;

export interface Rotation {
  readonly secret: string;
  /** How long the old secret goes on signing; 0: not at all. */
  readonly graceSeconds: number;
}

/**
 * Gives an endpoint another signing secret under its row's lock, so that of two rotations at the same time neither
 * secret is lost. Attempts that begin after it are signed by what it says.
 * @throws Problem 404
 */
export async function rotateSecret(
  context: ApiContext,
  app: App,
  id: string | undefined,
  rotation: Rotation,
): Promise<Endpoint & EndpointActivity> {
  await inTransaction(context.pool, async (client) => {
    const endpoint = await lockEndpoint(client, app.id, id ?? '');
    if (!endpoint) throw problems.notFound();
    await updateEndpoint(client, rotated(endpoint, rotation, context.sealer, context.now()), false);
  });
  context.changes.tell({ kind: 'webhook', appId: app.id, id: id ?? '' });
  return existingEndpointWithActivity(context, app, id);
}

/**
 * The endpoint with its secret rotated: the one before signs until the grace is over, earlier ones until their own
 * time. At most five previous ones are kept: a sixth ends the oldest before its time. The secret that is in force
 * already changes nothing, so a request that brings it can be repeated; a previous one that is brought back is no
 * longer a previous one.
 */
export function rotated(endpoint: Endpoint, rotation: Rotation, sealer: Sealer, now: Date): Endpoint {
  const { secret, graceSeconds } = rotation;
  const holdsIt = (sealed: Buffer) => sealer.open(sealed, endpoint.id) === secret;
  if (endpoint.secret && holdsIt(endpoint.secret)) return endpoint;
  const earlier = unexpired(endpoint.previousSecrets, now).filter(
    (previous) => !holdsIt(Buffer.from(previous.secret, 'base64')),
  );
  const replaced =
    endpoint.secret && graceSeconds > 0
      ? [
          {
            secret: endpoint.secret.toString('base64'),
            expires_at: new Date(now.getTime() + graceSeconds * 1000).toISOString(),
          },
        ]
      : [];
  return {
    ...endpoint,
    secret: sealer.seal(secret, endpoint.id),
    previousSecrets: [...earlier, ...replaced].slice(-MAX_PREVIOUS),
    updatedAt: now,
  };
}
