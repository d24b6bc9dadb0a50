import { hmacHex } from '../../../src/profiles/signing/signature.js';
import { inWholeSeconds, noAttributes, type Profile } from '../../../src/profiles/profile.js';

/** A system that Posthorn does not know: everything that there is of its profile. */
export const profile: Profile = {
  id: 'acme',
  title: 'Acme',
  sources: [],
  timeLimitMs: 10_000,
  slowAfterMs: null,
  schedule: { kind: 'table', delaysSeconds: [1] },
  defaultRetryLimit: 1,
  isFinalAnswer: (statusCode) => statusCode === 418,
  activeEndpointLimit: null,
  health: { afterFailures: 2, afterHours: null, onGone: false },
  secretKind: 'text',
  eventId: {
    pattern: /^acme_[a-f0-9]{16}$/,
    form: '"acme_" and 16 hexadecimal digits',
    fromBytes: (bytes) => `acme_${bytes.toString('hex').slice(0, 16)}`,
  },
  catalogue: [{ name: 'anvil.dropped', description: 'One fell.', example: { height: 100 } }],
  attributes: noAttributes,
  testEvent: { type: 'anvil.dropped', data: { height: 100 }, attributes: {}, marked: true },
  operationalAttributes: {},
  // Nothing is called `data` here.
  envelope: (event) => ({
    header: { when: inWholeSeconds(event.acceptedAt), what: event.type },
    payload: event.data,
  }),
  dataOf: ({ payload }) => payload,
  headers: ({ eventId, body, secrets: [secret = ''] }) => ({
    'X-Acme-Event': eventId,
    'X-Acme-Signature': hmacHex(secret, body),
  }),
  ownHeaders: ['x-acme-event', 'x-acme-signature'],
};
