import { randomBytes } from 'node:crypto';
import { ASYMMETRIC_PREFIX, publicKeyOf, PUBLIC_PREFIX, SYMMETRIC_PREFIX } from './signature.js';

/**
 * What a profile accepts as a signing secret:
 * `text`: 8 to 256 characters that UTF-8 has, without white space at an end, the key being their UTF-8 bytes (files 000,
 * 001, 002);
 * `symmetric`: `whsec_` + base64 of 24 to 64 bytes; `standard`: that, or `whsk_` + base64 of an ed25519 key pair.
 */
export type SecretKind = 'text' | 'symmetric' | 'standard';

const ASYMMETRIC_FORM = `"${ASYMMETRIC_PREFIX}" followed by base64 of the 64 bytes of an ed25519 key pair`;
const SYMMETRIC_FORM = `"${SYMMETRIC_PREFIX}" followed by base64 of 24 to 64 bytes`;

/** What each kind accepts, in words. */
export const SECRET_FORMS: Readonly<Record<SecretKind, string>> = {
  text: '8 to 256 characters',
  symmetric: SYMMETRIC_FORM,
  standard: `${SYMMETRIC_FORM}, or ${ASYMMETRIC_FORM}`,
};

/** A new symmetric secret: `whsec_` + base64 of 32 random bytes. */
export function generateSecret(): string {
  return SYMMETRIC_PREFIX + randomBytes(32).toString('base64');
}

const HALF_SURROGATE = /\p{Cs}/u;
/** Pasted with it, or nothing else: whoever copies it elsewhere leaves it out. */
const SPACE = '[\\s\\u0085\\u200b\\u2060]';
const SPACE_AT_AN_END = new RegExp(`^${SPACE}|${SPACE}$`);

/** Why `secret` cannot be used with a profile that takes `kind`, in words that do not repeat it; null if it can. */
export function secretProblem(kind: SecretKind, secret: string): string | null {
  if (kind === 'text') {
    const length = [...secret].length;
    if (length < 8 || length > 256) return `must have ${SECRET_FORMS.text}`;
    if (SPACE_AT_AN_END.test(secret)) return 'must not begin or end with white space';
    // UTF-8 has no half surrogates: another secret would be signed with.
    return HALF_SURROGATE.test(secret) ? 'must not contain broken Unicode' : null;
  }
  if (kind === 'standard' && secret.startsWith(ASYMMETRIC_PREFIX)) return asymmetricProblem(secret);
  const key = decodeBase64(secret, SYMMETRIC_PREFIX);
  return key !== null && key.length >= 24 && key.length <= 64 ? null : `must be ${SECRET_FORMS[kind]}`;
}

/** The public key that receivers verify with, for an asymmetric secret; null for a symmetric one. */
export function publicKeyOrNull(kind: SecretKind, secret: string): string | null {
  return kind === 'standard' && secret.startsWith(ASYMMETRIC_PREFIX) ? publicKeyOf(secret) : null;
}

function asymmetricProblem(secret: string): string | null {
  const pair = decodeBase64(secret, ASYMMETRIC_PREFIX);
  if (pair?.length !== 64) return `must be ${ASYMMETRIC_FORM}`;
  const given = PUBLIC_PREFIX + pair.subarray(32).toString('base64');
  return publicKeyOf(secret) === given ? null : 'contains a public key that does not match its private key';
}

function decodeBase64(secret: string, prefix: string): Buffer | null {
  if (!secret.startsWith(prefix)) return null;
  const text = secret.slice(prefix.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : null;
}
