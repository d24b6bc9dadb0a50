import { createHash } from 'node:crypto';
import { SYMMETRIC_PREFIX } from '../../src/profiles/signing/signature.js';
import type { EventContent, Profile } from '../../src/profiles/profile.js';

/** One event and one attempt of it, the same for every profile and every run. */

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Every kind of secret takes this form; to a profile of text secrets the prefix is part of the key. */
const SECRET = SYMMETRIC_PREFIX + sha256('an example of a secret').toString('base64');
const ACCEPTED_AT = new Date('2026-04-16T12:00:00.072Z');

export interface Example {
  readonly event: EventContent;
  /** The value that is sent as JSON. */
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly secret: string;
  /** Unix time of the attempt, in seconds. */
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
}

export function exampleEventId(profile: Profile): string {
  return profile.eventId.fromBytes(sha256('an example of an event'));
}

/** The catalogue's first example, or the test event where any type is accepted, `seconds` after its acceptance. */
export function exampleOf(profile: Profile, seconds = 1): Example {
  const [first] = profile.catalogue ?? [];
  const event = {
    id: exampleEventId(profile),
    type: first?.name ?? profile.testEvent.type,
    appId: '6f1f2a34-58a1-4a53-9b8d-0a3a1b6f7d20',
    acceptedAt: ACCEPTED_AT,
    data: first?.example ?? profile.testEvent.data,
    attributes: profile.testEvent.attributes,
    environmentId: 'env_123456789',
  };
  const envelope = profile.envelope(event);
  const body = Buffer.from(JSON.stringify(envelope));
  const timestamp = Math.floor(ACCEPTED_AT.getTime() / 1000) + seconds;
  const attempt = { eventId: event.id, appName: 'Acme', timestamp, body, secrets: [SECRET] };
  return { event, envelope, body, secret: SECRET, timestamp, headers: profile.headers(attempt) };
}

/** The envelope of an event that differs from the example's in every part: what is the same in both always is. */
export function otherEnvelope(profile: Profile): Readonly<Record<string, unknown>> {
  const { event } = exampleOf(profile);
  return profile.envelope({
    id: `${event.id}-other`,
    type: `${event.type}.other`,
    appId: '0b9de4a1-7c33-4f0e-8d0c-3f5b2a9c6e17',
    acceptedAt: new Date('2027-05-17T13:01:01.173Z'),
    data: { other: event.data },
    attributes: Object.fromEntries(Object.keys(event.attributes).map((name) => [name, `other ${name}`])),
    environmentId: 'env_987654321',
  });
}
