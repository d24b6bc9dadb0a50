/** What the documented systems sign with: HMAC-SHA256 and ed25519. */
export type Algorithm = 'hmac' | 'ed25519';

export interface Signature {
  readonly algorithm: Algorithm;
  readonly bytes: Uint8Array;
}

/** A symmetric key, or an ed25519 public key of 32 bytes. */
export interface Key {
  readonly algorithm: Algorithm;
  readonly bytes: Uint8Array;
}

export const SIGNATURE_BYTES: Readonly<Record<Algorithm, number>> = { hmac: 32, ed25519: 64 };

const IMPORTED_AS = { hmac: { name: 'HMAC', hash: 'SHA-256' }, ed25519: { name: 'Ed25519' } } as const;
const VERIFIED_AS = { hmac: 'HMAC', ed25519: 'Ed25519' } as const;

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export interface ImportedKey {
  readonly algorithm: Algorithm;
  readonly key: CryptoKey;
}

export async function imported({ algorithm, bytes }: Key): Promise<ImportedKey> {
  const key = await crypto.subtle.importKey('raw', unshared(bytes), IMPORTED_AS[algorithm], false, [
    'verify',
  ]);
  return { algorithm, key };
}

/** Whether one of the signatures is one of the keys' over `content`. WebCrypto compares, in constant time. */
export async function oneFits(
  signatures: readonly Signature[],
  keys: readonly ImportedKey[],
  content: Uint8Array,
): Promise<boolean> {
  for (const { algorithm, bytes } of signatures) {
    for (const each of keys) {
      if (each.algorithm !== algorithm) continue;
      if (await crypto.subtle.verify(VERIFIED_AS[algorithm], each.key, unshared(bytes), unshared(content)))
        return true;
    }
  }
  return false;
}

/** The same: browsers' types tell apart bytes in memory that threads share, which WebCrypto refuses when it runs. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
