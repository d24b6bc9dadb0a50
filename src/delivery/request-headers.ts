import { VERSION } from '../lib/version.js';
import type { Profile } from '../profiles/profile.js';

/** The headers of a delivery's POST. Pure. */

const USER_AGENT = `Posthorn/${VERSION}`;

export interface SentEvent {
  readonly eventId: string;
  readonly appName: string;
  /** The bytes that are signed and sent. */
  readonly body: Buffer;
  /** Whether it is the profile's test event. */
  readonly isTest: boolean;
}

/** What an endpoint adds, in the clear. */
export interface EndpointsOwn {
  /** Signing secrets in force, oldest first. */
  readonly secrets: readonly string[];
  /** Custom headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** All headers but those of the connection and the body's length, signed for this moment. */
export function requestHeaders(
  profile: Profile,
  { eventId, appName, body, isTest }: SentEvent,
  { secrets, headers: own }: EndpointsOwn,
  at: Date,
): Record<string, string> {
  const agent = Object.keys(own).some((name) => name.toLowerCase() === 'user-agent')
    ? {}
    : { 'User-Agent': USER_AGENT };
  return {
    ...agent,
    ...own,
    'Content-Type': 'application/json',
    ...profile.headers({
      eventId,
      appName,
      timestamp: Math.floor(at.getTime() / 1000),
      body,
      secrets,
    }),
    ...(isTest && profile.testEvent.marked ? { 'X-Posthorn-Test': 'true' } : {}),
  };
}
