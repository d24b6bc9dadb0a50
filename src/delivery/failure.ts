import { AddressRefused } from './address-guard.js';
import type { FailureCode } from './outcome.js';
import { NotResolved } from './resolve.js';
import { CERTIFICATE_WANTED, tlsWords } from './tls-words.js';

/** The receiver sent something that is not an answer to a POST. */
export class InvalidAnswer extends Error {
  override name = 'InvalidAnswer';
}

/** The receiver closed the connection before its answer's status line was there. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** The receiver closed the connection after it had asked for a certificate, and was given none. */
export class CertificateWanted extends Error {
  override name = 'CertificateWanted';

  constructor() {
    super(CERTIFICATE_WANTED);
  }
}

/** Maximum length of an error text. Longer ones come from receivers and name servers. */
export const LONGEST_TEXT = 300;

const CODES: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
};

/** Classifies the error that prevented an answer. Its text never contains the request's headers or body. */
export function failureOf(error: unknown): { code: FailureCode; text: string } {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const text = message === '' ? code : message;
  if (cause instanceof AddressRefused) return { code: 'address_refused', text };
  if (cause instanceof NotResolved) return { code: 'dns', text };
  if (cause instanceof InvalidAnswer) return { code: 'invalid_answer', text };
  if (cause instanceof ConnectionLost) return { code: 'connection_lost', text };
  if (cause instanceof CertificateWanted) return { code: 'tls', text };
  const ofTls = tlsWords({ code, message });
  return ofTls === null ? { code: CODES[code] ?? 'unknown', text } : { code: 'tls', text: ofTls };
}

/** Makes one line of a text: control characters are replaced, and the text is cut after `longest` characters. */
export function asOneLine(text: string, longest = LONGEST_TEXT): string {
  // Every character has at most two UTF-16 units, so the rest need not be read.
  const characters = [...text.slice(0, 2 * longest + 1)];
  const cut = characters.length > longest ? [...characters.slice(0, longest - 1), '…'] : characters;
  // Control, format and direction marks, line separators, half surrogates.
  return cut.join('').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
