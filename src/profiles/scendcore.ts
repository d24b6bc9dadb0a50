import { hmacHex } from './signing/signature.js';
import { uuidFrom } from '../lib/uuid.js';
import { inWholeSeconds, noAttributes, type Profile, underData } from './profile.js';
import { scendcoreCatalogue } from './catalogues/scendcore.js';

/** ScendCore (file 002). No retry is documented; the event's id, which its body lacks, travels in a header. */
export const profile: Profile = {
  id: 'scendcore',
  title: 'ScendCore',
  sources: ['002_32c9c3c550425235.txt'],
  timeLimitMs: 10_000,
  slowAfterMs: null,
  schedule: { kind: 'table', delaysSeconds: [] },
  defaultRetryLimit: 0,
  isFinalAnswer: () => false,
  activeEndpointLimit: 10,
  health: { afterFailures: 10, afterHours: null, onGone: false },
  secretKind: 'text',
  eventId: {
    pattern: /^[A-Za-z0-9_-]{1,64}$/,
    form: '1 to 64 of the characters A-Z, a-z, 0-9, _ and -',
    fromBytes: (bytes) => uuidFrom(bytes, 4),
  },
  catalogue: scendcoreCatalogue,
  attributes: noAttributes,
  testEvent: {
    type: 'contact.created',
    data: scendcoreCatalogue[0]?.example ?? {},
    attributes: {},
    marked: true,
  },
  operationalAttributes: {},
  envelope: (event) => ({
    event: event.type,
    timestamp: inWholeSeconds(event.acceptedAt),
    tenant_id: event.appId,
    data: event.data,
  }),
  dataOf: underData,
  // One signature is all that the document's snippet can read; a subscription without a secret gets none.
  headers: ({ eventId, body, secrets: [secret] }) => ({
    'X-ScendCore-Delivery': eventId,
    ...(secret ? { 'X-ScendCore-Signature': `sha256=${hmacHex(secret, body)}` } : {}),
  }),
  ownHeaders: ['x-scendcore-delivery', 'x-scendcore-signature'],
};
