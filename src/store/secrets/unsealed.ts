import { unexpired, type PreviousSecret } from '../../domain/endpoint.js';
import type { EndpointsOwn } from '../../delivery/request-headers.js';
import type { Sealer } from './sealer.js';

/**
 * An endpoint's signing secrets in force, oldest first, and its custom headers in the clear, to sign and send with.
 * @throws Error when they were sealed with another key
 */
export function unsealed(
  sealer: Sealer,
  endpoint: {
    readonly endpointId: string;
    readonly secret: Buffer | null;
    readonly headers: Buffer | null;
    readonly previousSecrets: readonly PreviousSecret[];
  },
  now: Date,
): EndpointsOwn {
  const { endpointId, secret, headers } = endpoint;
  const inGrace = unexpired(endpoint.previousSecrets, now).map((previous) =>
    sealer.open(Buffer.from(previous.secret, 'base64'), endpointId),
  );
  return {
    secrets: secret ? [...inGrace, sealer.open(secret, endpointId)] : [],
    headers: headers ? (JSON.parse(sealer.open(headers, endpointId)) as Record<string, string>) : {},
  };
}
