import { fromBase64, utf8 } from './bytes.js';
import type { Key } from './signature.js';

/** `prefixed`: `whsec_` or `whpk_` and base64; `text`: the key is the text's own bytes. */
export type SecretKind = 'prefixed' | 'text';

/** A key, or why a secret is none, in words that do not repeat it. */
export type ReadSecret = { readonly key: Key } | { readonly problem: string };

export const SYMMETRIC_PREFIX = 'whsec_';
export const PUBLIC_PREFIX = 'whpk_';
export const PRIVATE_PREFIX = 'whsk_';

/** What Posthorn accepts as a secret, in bytes of the key and in characters of the text. */
const KEY_BYTES = { least: 24, most: 64 };
const TEXT_LENGTH = { least: 8, most: 256 };
const PUBLIC_KEY_BYTES = 32;

/** What is pasted with a secret, or stands at the end of a file with one; Posthorn makes and takes none with it. */
const SPACE_AT_ENDS = /^[\s\u0085\u200b\u2060]+|[\s\u0085\u200b\u2060]+$/g;
const HALF_SURROGATE = /\p{Cs}/u;

export function trimmed(secret: string): string {
  return secret.replaceAll(SPACE_AT_ENDS, '');
}

/** The key of a secret; `secret` comes from a configuration, so it may be anything. */
export function readSecret(kind: SecretKind, secret: unknown): ReadSecret {
  if (typeof secret !== 'string' || trimmed(secret) === '') {
    return { problem: 'A secret is missing or empty: look at where it is configured.' };
  }
  return kind === 'text' ? readText(trimmed(secret)) : readPrefixed(trimmed(secret));
}

function readText(secret: string): ReadSecret {
  const { length } = [...secret];
  if (length < TEXT_LENGTH.least || length > TEXT_LENGTH.most) {
    return {
      problem: `A secret has ${length} characters; it must have ${TEXT_LENGTH.least} to ${TEXT_LENGTH.most}.`,
    };
  }
  if (HALF_SURROGATE.test(secret)) return { problem: 'A secret contains broken Unicode.' };
  return { key: { algorithm: 'hmac', bytes: utf8(secret) } };
}

function readPrefixed(secret: string): ReadSecret {
  if (secret.startsWith(PRIVATE_PREFIX)) {
    return {
      problem: `A secret is a private key ("${PRIVATE_PREFIX}…"); receivers verify with the public key "${PUBLIC_PREFIX}…".`,
    };
  }
  if (secret.startsWith(PUBLIC_PREFIX)) {
    const bytes = decoded(secret.slice(PUBLIC_PREFIX.length));
    return bytes?.length === PUBLIC_KEY_BYTES
      ? { key: { algorithm: 'ed25519', bytes } }
      : { problem: `A public key must be "${PUBLIC_PREFIX}" and base64 of ${PUBLIC_KEY_BYTES} bytes.` };
  }
  const bytes = secret.startsWith(SYMMETRIC_PREFIX) ? decoded(secret.slice(SYMMETRIC_PREFIX.length)) : null;
  return bytes && bytes.length >= KEY_BYTES.least && bytes.length <= KEY_BYTES.most
    ? { key: { algorithm: 'hmac', bytes } }
    : {
        problem: `A secret must be "${SYMMETRIC_PREFIX}" and base64 of ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes.`,
      };
}

/** Base64, whose padding may have been left out. */
export function decoded(base64: string): Uint8Array | null {
  return fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='));
}
