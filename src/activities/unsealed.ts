import type { Sealer } from '../store/sealer.js';

/**
 * An endpoint's signing secrets and custom headers in the clear, to sign and send with.
 * @throws Error when they were sealed with another key
 */
export function unsealed(
  sealer: Sealer,
  endpoint: {
    readonly endpointId: string;
    readonly secret: Buffer | null;
    readonly headers: Buffer | null;
  },
): { secrets: readonly string[]; headers: Readonly<Record<string, string>> } {
  const { endpointId, secret, headers } = endpoint;
  return {
    secrets: secret ? [sealer.open(secret, endpointId)] : [],
    headers: headers ? (JSON.parse(sealer.open(headers, endpointId)) as Record<string, string>) : {},
  };
}
