import {
  type HeadersLike,
  type Reason,
  VerificationError,
  verify,
  type VerifyOptions,
} from '../../src/verify/index.js';
import { optionsFor, type SignedRequest } from './signed-requests.js';

/** What is changed about a request before it is verified. */
export interface Changes extends Partial<VerifyOptions> {
  readonly body?: string | Uint8Array | ArrayBuffer;
  readonly headers?: HeadersLike;
}

export function verified(request: SignedRequest, { body, headers, ...options }: Changes = {}) {
  return verify(body ?? request.body, headers ?? request.headers, optionsFor(request, options));
}

/** Why `verify` refuses it; null when it is accepted. */
export async function refusal(
  request: SignedRequest,
  changes: Changes = {},
): Promise<VerificationError | null> {
  try {
    await verified(request, changes);
    return null;
  } catch (error) {
    if (error instanceof VerificationError) return error;
    throw error;
  }
}

export const reason = async (request: SignedRequest, changes: Changes = {}): Promise<Reason | null> =>
  (await refusal(request, changes))?.reason ?? null;

/** The headers with another value for one, or without it. */
export const withHeader = ({ headers }: SignedRequest, name: string, value: string | undefined) => {
  const others = Object.entries(headers).filter(([key]) => key.toLowerCase() !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
};
