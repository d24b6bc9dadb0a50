import { AddressRefused } from './address-guard.js';
import type { FailureCode } from './outcome.js';
import { NotResolved } from './resolve.js';

/** The receiver answers with something that no exchange should have. */
export class InvalidAnswer extends Error {
  override name = 'InvalidAnswer';
}

/** Longer texts come from receivers: a certificate with hundreds of names, a parser's quotation. */
export const LONGEST_TEXT = 300;

const CODES: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  UND_ERR_SOCKET: 'connection_lost',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'invalid_answer',
};

/** Codes of OpenSSL and of certificate checks have no common prefix but these. */
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;

/** What stood in the way of an answer, without the request's own headers or body. */
export function failureOf(error: unknown): { code: FailureCode; text: string } {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const text = message === '' ? code : message;
  if (cause instanceof AddressRefused) return { code: 'address_refused', text };
  if (cause instanceof NotResolved) return { code: 'dns', text };
  if (cause instanceof InvalidAnswer || code.startsWith('HPE_')) return { code: 'invalid_answer', text };
  if (TLS_CODE.test(code)) return { code: 'tls', text };
  return { code: CODES[code] ?? 'unknown', text };
}

/** A text of one line: what is no character of a text is replaced, and what is beyond `longest` characters is cut. */
export function asOneLine(text: string, longest = LONGEST_TEXT): string {
  // Twice as many units hold as many characters: what is longer need not be looked at.
  const characters = [...text.slice(0, 2 * longest + 1)];
  const cut = characters.length > longest ? [...characters.slice(0, longest - 1), '…'] : characters;
  // Control, format and direction marks, line separators, half surrogates.
  return cut.join('').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
