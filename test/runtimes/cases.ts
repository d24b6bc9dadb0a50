import { profiles, type Reason } from '../../src/verify/index.js';
import {
  OTHER_SECRET,
  PRIVATE_KEY,
  PROFILES,
  PUBLIC_KEY,
  SECRET,
  signedRequest,
  type SignedRequest,
  signedVectors,
  TIMESTAMP,
} from '../support/signed-requests.js';

/** A request, and what must come of it in every runtime. */
export interface Case {
  readonly name: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly options: {
    readonly secret: string | readonly string[];
    readonly profile: string;
    readonly nowMs: number;
  };
  readonly expected: 'valid' | Reason;
}

export const cases: readonly Case[] = [
  ...signedVectors().flatMap((vector, index) => variants(`vector ${index}, ${vector.profile}`, vector)),
  ...PROFILES.flatMap((profile) => variants(`signed, ${profile}`, signedRequest(profile))),
  ...PROFILES.flatMap((profile) => rotations(profile)),
  caseOf(
    'ed25519',
    { ...signedRequest('standard', { secrets: [PRIVATE_KEY] }), secret: PUBLIC_KEY },
    'valid',
  ),
  caseOf('not a secret', { ...signedRequest('standard'), secret: 'none' }, 'secret_malformed'),
];

function variants(name: string, request: SignedRequest): readonly Case[] {
  const { body, timestamp, profile } = request;
  const now = { ...request, timestamp: timestamp + 3_600 };
  return [
    caseOf(name, request, 'valid'),
    caseOf(`${name}, tampered`, { ...request, body: body.replace(/[a-z]/, 'X') }, 'signature_mismatch'),
    caseOf(`${name}, old`, now, profiles[profile].signsTime ? 'timestamp_too_old' : 'valid'),
    caseOf(`${name}, unsigned`, { ...request, headers: {} }, 'header_missing'),
  ];
}

/** While a secret rotates, receivers with the old one, or both, accept. */
function rotations(profile: SignedRequest['profile']): readonly Case[] {
  const rotated = signedRequest(profile, { secrets: [OTHER_SECRET, SECRET], timestamp: TIMESTAMP });
  return [
    caseOf(`rotated, ${profile}, the old`, { ...rotated, secret: OTHER_SECRET }, 'valid'),
    caseOf(`rotated, ${profile}, both`, { ...rotated, secret: [SECRET, OTHER_SECRET] }, 'valid'),
    caseOf(
      `rotated, ${profile}, neither`,
      { ...rotated, secret: `whsec_${'A'.repeat(32)}` },
      'signature_mismatch',
    ),
  ];
}

function caseOf(
  name: string,
  { body, headers, secret, profile, timestamp }: SignedRequest,
  expected: Case['expected'],
): Case {
  return { name, body, headers, options: { secret, profile, nowMs: timestamp * 1000 }, expected };
}
