import { ASYMMETRIC_PREFIX, SYMMETRIC_PREFIX } from '../profiles/signing/signature.js';

/** Finds the values of a request that only its receiver may read. Pure. */

/** Shorter values are no secrets, and appear in texts by chance. */
const SHORTEST_SECRET = 8;

/** A header with such a name holds a credential, whatever its value looks like. */
const CREDENTIAL_NAME =
  /auth|token|key|secret|sign|cookie|passw|pwd|credential|session|jwt|hmac|otp|nonce|csrf|xsrf|licen[cs]e|private/i;

const MEDIA_TYPE = /^(?:application|text|image|audio|video|multipart)\/[a-z.+*-]+$/;
/** Between the words of `eu-west-1`, `Acme Inc.`, `orders_v2`. */
const BETWEEN_WORDS = /[ \-_./]+/;
const MOST_WORDS = 3;
/** In lower or upper case or capitalised. */
const WORD = /^(?:[a-z]{1,14}|[A-Z]{1,14}|[A-Z][a-z]{1,13})$/;
/** With a number, as in `west1`; or a short number alone. Among other words only: alone it may be a password. */
const NUMBERED_WORD = /^(?:[a-z]{0,14}|[A-Z]{0,14}|[A-Z][a-z]{1,13})\d{1,2}$|^\d{3}$/;

/**
 * Returns the values that must not be shown: signing secrets, and values of custom headers that are credentials by the
 * header's name or may be by their form; also in the form in which URLs write them.
 */
export function confidentialIn(
  secrets: readonly string[],
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const values = Object.entries(headers)
    .filter(([name, value]) => CREDENTIAL_NAME.test(name) || !isOrdinary(value.trim()))
    .flatMap(([, value]) => credentialsIn(value.trim()));
  const all = [...secrets, ...secrets.map(withoutPrefix), ...values];
  const inUrls = all.map((value) => encodeURIComponent(Buffer.from(value).toString()));
  return [...new Set([...all, ...inUrls])].filter((value) => value.length >= SHORTEST_SECRET);
}

/** Whether a value is made of words as they stand in any text: up to three, or a media type. */
function isOrdinary(value: string): boolean {
  if (MEDIA_TYPE.test(value) || WORD.test(value)) return true;
  const words = value.split(BETWEEN_WORDS).filter((word) => word !== '');
  const areWords = words.every((word) => WORD.test(word) || NUMBERED_WORD.test(word));
  return areWords && words.length <= MOST_WORDS && words.some((word) => WORD.test(word));
}

/** A value, with and without its scheme: a receiver that complains about a token leaves out `Bearer`. */
function credentialsIn(value: string): string[] {
  const [, scheme = '', credentials] = /^([A-Za-z-]+)[ \t]+(\S+)$/.exec(value) ?? [];
  if (credentials === undefined) return [value];
  // Some receivers show Basic credentials decoded.
  const decoded = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString() : '';
  return [value, credentials, decoded, decoded.slice(decoded.indexOf(':') + 1)];
}

/** The key itself, without the secret's prefix. */
function withoutPrefix(secret: string): string {
  const prefix = [SYMMETRIC_PREFIX, ASYMMETRIC_PREFIX].find((each) => secret.startsWith(each)) ?? '';
  return secret.slice(prefix.length);
}
