import { concat, utf8 } from './bytes.js';
import { headerOf, neededHeaderOf } from './headers.js';
import type { Scheme } from './scheme.js';
import { type ImportedKey, oneFits, type Signature } from './signature.js';
import type { HeadersLike } from './types.js';
import { VerificationError } from './verification-error.js';

/** What a request's headers say, before any of it is believed. */
export interface Claim {
  readonly id: string | null;
  /** The signed Unix time in seconds, as it is written; null where none is signed. */
  readonly time: string | null;
  readonly signatures: SignaturesByHeader;
}

/** By the headers that are there. Each must have a signature that fits, so that all of them mean the same. */
export type SignaturesByHeader = ReadonlyMap<string, readonly Signature[]>;

/** A rotation has two. More would only cost time. */
const MOST_SIGNATURES = 16;
/** Fifteen digits hold milliseconds, too, which are a mistake to be found by the signature. */
const UNIX_TIME = /^\d{1,15}$/;

/** @throws VerificationError `header_missing`, `header_malformed` */
export function claimOf(scheme: Scheme, headers: HeadersLike): Claim {
  return {
    signatures: signaturesOf(scheme, headers),
    id: idOf(scheme, headers),
    time: timeOf(scheme, headers),
  };
}

/** @throws VerificationError `header_missing`, `header_malformed` */
export function signaturesOf(scheme: Scheme, headers: HeadersLike): SignaturesByHeader {
  const { signatureHeaders } = scheme;
  const there = signatureHeaders.filter((name) => headerOf(headers, name) !== null);
  // Where none is there, the first is the one to name.
  const names = there.length > 0 ? there : [signatureHeaders[0]];
  return new Map(
    names.map((name) => {
      const signatures = scheme.signaturesIn(neededHeaderOf(headers, name));
      if (signatures.length === 0)
        throw malformed(name, `has no signature of the form "${scheme.signatureForm}"`);
      if (signatures.length > MOST_SIGNATURES)
        throw malformed(name, `has more than ${MOST_SIGNATURES} signatures`);
      return [name, signatures];
    }),
  );
}

/** @throws VerificationError `header_missing` where it is signed, `header_malformed` */
export function idOf({ idHeader, signsId }: Scheme, headers: HeadersLike): string | null {
  if (idHeader === null) return null;
  if (!signsId) return headerOf(headers, idHeader);
  const id = neededHeaderOf(headers, idHeader);
  // The signed text is divided by dots: with one in the id, another division of it would be signed as well.
  if (id.includes('.')) throw malformed(idHeader, 'has a dot in it');
  return id;
}

/** @throws VerificationError `header_missing`, `header_malformed` */
export function timeOf({ time }: Scheme, headers: HeadersLike): string | null {
  if (!time) return null;
  const text = time.in(neededHeaderOf(headers, time.header));
  if (text === null || !UNIX_TIME.test(text)) throw malformed(time.header, 'has no Unix time in seconds');
  return text;
}

/** Whether every header with signatures has one that fits. */
export async function fits(
  scheme: Scheme,
  { id, time, signatures }: Claim,
  body: Uint8Array,
  keys: readonly ImportedKey[],
): Promise<boolean> {
  const content = concat(utf8(scheme.signedBefore(id ?? '', time ?? '')), body);
  for (const ofOneHeader of signatures.values()) {
    if (!(await oneFits(ofOneHeader, keys, content))) return false;
  }
  return true;
}

function malformed(header: string, what: string): VerificationError {
  return new VerificationError('header_malformed', `The header "${header}" ${what}.`, header);
}
