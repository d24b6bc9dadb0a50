import { readFileSync } from 'node:fs';
import { profileById } from '../../src/profiles/index.js';
import type { Profile, VerifyOptions } from '../../src/verify/index.js';

/** Requests as receivers get them: signed by the project's own profiles, or computed apart from it. */
export interface SignedRequest {
  readonly profile: Profile;
  /** What the receiver has. */
  readonly secret: string | readonly string[];
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Unix time of the attempt, in seconds. */
  readonly timestamp: number;
}

export const PROFILES: readonly Profile[] = ['standard', 'scalekit', 'scalekit-auth', 'scendcore', 'scute'];
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const OTHER_SECRET = 'whsec_AAKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** An ed25519 key pair, and what its receivers get. */
export const PRIVATE_KEY =
  'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
export const PUBLIC_KEY = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
export const TIMESTAMP = 1_776_340_801;

interface Wanted {
  /** Those that sign, oldest first. */
  readonly secrets?: readonly string[];
  readonly timestamp?: number;
  readonly type?: string;
  readonly data?: unknown;
  /** The exact body, instead of the profile's envelope. */
  readonly body?: string;
}

/** A request of the profile, signed as Posthorn signs it. */
export function signedRequest(profile: Profile, wanted: Wanted = {}): SignedRequest {
  const { secrets = [SECRET], timestamp = TIMESTAMP, data = { name: 'Zoë ☃', path: 'a/b' } } = wanted;
  const { eventId, envelope, headers, testEvent } = profileById(profile);
  const id = eventId.fromBytes(Buffer.alloc(32, 7));
  const content = {
    id,
    type: wanted.type ?? 'order.paid',
    appId: '6f1f2a34-58a1-4a53-9b8d-0a3a1b6f7d20',
    acceptedAt: new Date('2026-04-16T12:00:00Z'),
    data,
    attributes: testEvent.attributes,
    environmentId: 'env_123456789',
  };
  const body = wanted.body ?? JSON.stringify(envelope(content));
  const attempt = { eventId: id, appName: 'Acme', timestamp, body: Buffer.from(body), secrets };
  return { profile, secret: secrets, body, timestamp, headers: headers(attempt) };
}

/** The options that a request is verified with at the time of its attempt. */
export function optionsFor(request: SignedRequest, others: Partial<VerifyOptions> = {}): VerifyOptions {
  const { secret, profile, timestamp } = request;
  return { secret, profile, now: () => timestamp * 1000, ...others };
}

interface Vector {
  readonly profile: Profile;
  readonly secret: string | null;
  readonly public?: string;
  readonly timestamp: number;
  readonly id?: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The vectors of test/unit/vectors.json that are signed. */
export function signedVectors(): readonly SignedRequest[] {
  return vectors().flatMap(({ secret, ...vector }) => {
    const ofReceiver = vector.public ?? secret;
    return ofReceiver === null ? [] : [requestOf(vector, ofReceiver)];
  });
}

/** Those that are not. */
export function unsignedVectors(): readonly SignedRequest[] {
  return vectors().flatMap(({ secret, ...vector }) => (secret === null ? [requestOf(vector, SECRET)] : []));
}

function vectors(): readonly Vector[] {
  const file = new URL('../unit/vectors.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }).vectors;
}

function requestOf(
  { profile, timestamp, id, body, headers }: Omit<Vector, 'secret'>,
  secret: string,
): SignedRequest {
  const signed = id === undefined ? {} : { 'webhook-id': id, 'webhook-timestamp': String(timestamp) };
  return { profile, secret, body, timestamp, headers: { ...signed, ...headers } };
}
