import { standardSignature } from './signing/signature.js';
import { inWholeSeconds, noAttributes, type Profile, underData } from './profile.js';

const HOUR = 3_600;

/** Standard Webhooks 1.0.0: the default for new applications. */
export const profile: Profile = {
  id: 'standard',
  title: 'Standard Webhooks 1.0.0',
  sources: ['Standard Webhooks 1.0.0'],
  timeLimitMs: 15_000,
  slowAfterMs: null,
  schedule: {
    kind: 'table',
    delaysSeconds: [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
    jitter: 0.1,
    retryAfter: true,
  },
  defaultRetryLimit: 9,
  // "410 Gone": the receiver asks for no more.
  isFinalAnswer: (statusCode) => statusCode === 410,
  activeEndpointLimit: null,
  health: { afterFailures: null, afterHours: 5 * 24, onGone: true },
  secretKind: 'standard',
  eventId: {
    pattern: /^[A-Za-z0-9_-]{1,64}$/,
    form: '1 to 64 of the characters A-Z, a-z, 0-9, _ and -',
    fromBytes: (bytes) => `msg_${bytes.subarray(0, 21).toString('base64url')}`,
  },
  catalogue: null,
  attributes: noAttributes,
  testEvent: {
    type: 'webhook.test',
    data: { message: 'Hello from Posthorn' },
    attributes: {},
    marked: true,
  },
  operationalAttributes: {},
  envelope: (event) => ({
    type: event.type,
    timestamp: inWholeSeconds(event.acceptedAt),
    data: event.data,
  }),
  dataOf: underData,
  headers: ({ eventId, timestamp, body, secrets }) => ({
    'webhook-id': eventId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets
      .map((secret) => standardSignature(secret, eventId, timestamp, body))
      .join(' '),
  }),
  ownHeaders: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
};
