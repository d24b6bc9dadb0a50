import { utf8 } from '../bytes.js';
import {
  decoded,
  PRIVATE_PREFIX,
  readSecret,
  type SecretKind,
  SYMMETRIC_PREFIX,
  trimmed,
} from '../secret.js';
import type { Key } from '../signature.js';
import type { SecretHint } from '../types.js';

/** A key that a secret may have been meant to be. */
export interface Mistake {
  readonly key: Key;
  readonly hint: SecretHint;
  /** What is wrong with the secret if the key fits, to follow "The secret". */
  readonly text: string;
}

interface Respelling {
  readonly hint: SecretHint;
  readonly text: string;
  readonly respell: (secret: string) => string;
}

const ANY_PREFIX = /^(?:whsec[-_ ]*)+/i;

/** Ways from the text that was given to the one that was meant. */
const RESPELLINGS: readonly Respelling[] = [
  {
    hint: 'quoted',
    text: 'has quotation marks around it that do not belong to it.',
    respell: (secret) => secret.replace(/^(["'`])(.*)\1$/s, '$2'),
  },
  {
    hint: 'has_spaces',
    text: 'has white space in it that does not belong to it.',
    respell: (secret) => secret.replaceAll(/\s/g, ''),
  },
  {
    hint: 'has_spaces',
    text: 'ends with an escaped line break that does not belong to it.',
    respell: (secret) => secret.replace(/(?:\\r|\\n)+$/, ''),
  },
  {
    hint: 'url_encoded',
    text: 'was decoded as part of a URL: each "+" became a space.',
    respell: (secret) => secret.replaceAll(' ', '+'),
  },
  { hint: 'url_encoded', text: 'is encoded as part of a URL.', respell: urlDecoded },
  {
    hint: 'wrong_prefix',
    text: `must begin with "${SYMMETRIC_PREFIX}", once and in lower case.`,
    respell: (secret) => secret.replace(ANY_PREFIX, '').replace(/^/, SYMMETRIC_PREFIX),
  },
];

const FOR_TEXT: readonly Respelling[] = [
  {
    hint: 'wrong_prefix',
    text: `must not begin with "${SYMMETRIC_PREFIX}".`,
    respell: (secret) => secret.replace(ANY_PREFIX, ''),
  },
];

const FOR_PREFIXED: readonly Respelling[] = [
  {
    hint: 'wrong_prefix',
    text: 'is in base64url: its "-" and "_" must be "+" and "/".',
    respell: (secret) =>
      SYMMETRIC_PREFIX + secret.slice(SYMMETRIC_PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'),
  },
];

/** The keys that one secret may have been meant to be, the likelier first. */
export function mistakesIn(kind: SecretKind, given: string): readonly Mistake[] {
  const secret = trimmed(given);
  const respelt = [...RESPELLINGS, ...(kind === 'text' ? FOR_TEXT : FOR_PREFIXED)].flatMap(
    ({ hint, text, respell }): Mistake[] => {
      const read = readSecret(kind, respell(secret));
      return 'key' in read ? [{ key: read.key, hint, text }] : [];
    },
  );
  return [...respelt, ...(kind === 'text' ? decodedKeys(secret) : otherKeys(secret))];
}

/** For text, which is the key as it is. */
function decodedKeys(secret: string): readonly Mistake[] {
  const bytes = decoded(secret.replace(ANY_PREFIX, ''));
  if (!bytes) return [];
  const text =
    'was decoded from base64 to sign: the sender does not follow the profile, or the profile is another.';
  return [{ key: { algorithm: 'hmac', bytes }, hint: 'text_as_base64', text }];
}

/** For `whsec_`, whose base64 is decoded, and for key pairs. */
function otherKeys(secret: string): readonly Mistake[] {
  if (secret.startsWith(PRIVATE_PREFIX)) {
    const pair = decoded(secret.slice(PRIVATE_PREFIX.length));
    if (pair?.length !== 64) return [];
    const text = 'is a private key. Its public key fits: receivers need that alone, beginning with "whpk_".';
    return [{ key: { algorithm: 'ed25519', bytes: pair.subarray(32) }, hint: 'private_key', text }];
  }
  const text =
    'was used to sign as text, not as base64: the sender does not follow the profile, or the profile is another.';
  return [secret, secret.replace(ANY_PREFIX, '')]
    .filter((each) => each !== '')
    .map((each) => ({ key: { algorithm: 'hmac', bytes: utf8(each) }, hint: 'base64_as_text', text }));
}

function urlDecoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch {
    return secret;
  }
}
