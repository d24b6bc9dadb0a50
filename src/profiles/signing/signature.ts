import { createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

/** The two kinds of secret that Standard Webhooks 1.0.0 knows, told apart by their prefix. */
export const SYMMETRIC_PREFIX = 'whsec_';
export const ASYMMETRIC_PREFIX = 'whsk_';
export const PUBLIC_PREFIX = 'whpk_';

/** An ed25519 private key in PKCS #8 is this, followed by its 32 byte seed (RFC 8410). */
const ED25519_PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `hex(HMAC-SHA256(key, parts joined))`; a key given as text is its UTF-8 bytes. */
export function hmacHex(key: string | Buffer, ...parts: (string | Buffer)[]): string {
  return hmac(key, parts).digest('hex');
}

/**
 * One signature of Standard Webhooks 1.0.0 over `id.timestamp.body`: `v1,…` with a `whsec_` secret,
 * `v1a,…` (ed25519) with a `whsk_` secret.
 */
export function standardSignature(secret: string, id: string, timestamp: number, body: Buffer): string {
  const signed = `${id}.${timestamp}.`;
  if (secret.startsWith(ASYMMETRIC_PREFIX)) {
    const signature = sign(null, Buffer.concat([Buffer.from(signed), body]), ed25519Key(secret));
    return `v1a,${signature.toString('base64')}`;
  }
  const key = Buffer.from(secret.slice(SYMMETRIC_PREFIX.length), 'base64');
  return `v1,${hmac(key, [signed, body]).digest('base64')}`;
}

/** The `whpk_…` public key that verifies what a `whsk_` secret signs. */
export function publicKeyOf(secret: string): string {
  const spki = createPublicKey(ed25519Key(secret)).export({ format: 'der', type: 'spki' });
  return PUBLIC_PREFIX + spki.subarray(-32).toString('base64');
}

function hmac(key: string | Buffer, parts: (string | Buffer)[]) {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac;
}

function ed25519Key(secret: string): KeyObject {
  const seed = Buffer.from(secret.slice(ASYMMETRIC_PREFIX.length), 'base64').subarray(0, 32);
  return createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8_HEADER, seed]),
    format: 'der',
    type: 'pkcs8',
  });
}
