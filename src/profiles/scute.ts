import { hmacHex } from './signing/signature.js';
import { countedOnly } from '../domain/health-rule.js';
import { uuidFrom } from '../lib/uuid.js';
import { scuteCatalogue } from './catalogues/scute.js';
import { inWholeSeconds, noAttributes, type Profile, underData } from './profile.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Scute webhooks (file 000). The document gives no base for its exponential backoff: 10 s doubling to 1 h is ours. */
export const profile: Profile = {
  id: 'scute',
  title: 'Scute',
  sources: ['000_1de6a3f405efe64b.txt'],
  timeLimitMs: 10_000,
  slowAfterMs: 5_000,
  schedule: { kind: 'geometric', firstSeconds: 10, factor: 2, maximumSeconds: 3_600, retries: 10 },
  defaultRetryLimit: 3,
  isFinalAnswer: (statusCode) => statusCode >= 400 && statusCode < 500,
  activeEndpointLimit: null,
  health: countedOnly,
  secretKind: 'text',
  eventId: {
    pattern: UUID,
    form: 'a UUID',
    fromBytes: (bytes) => uuidFrom(bytes, 4),
    canonical: (id) => id.toLowerCase(),
  },
  catalogue: scuteCatalogue,
  attributes: noAttributes,
  testEvent: {
    type: 'webhook.test',
    data: { message: 'Test ping from dashboard' },
    attributes: {},
    marked: false,
  },
  operationalAttributes: {},
  envelope: (event) => ({
    id: event.id,
    created_at: inWholeSeconds(event.acceptedAt),
    event_type: event.type,
    app_id: event.appId,
    data: event.data,
    api_version: 'v1',
  }),
  dataOf: underData,
  headers: ({ appName, timestamp, body, secrets }) => ({
    'User-Agent': `${tokenOf(appName)}-Webhooks/1.0`,
    'X-Webhook-Signature': [
      `t=${timestamp}`,
      ...secrets.map((secret) => `v1=${hmacHex(secret, `${timestamp}.`, body)}`),
    ].join(','),
  }),
  ownHeaders: ['user-agent', 'x-webhook-signature'],
};

/** The application's name reduced to the characters that a product token may have (RFC 9110). */
function tokenOf(name: string): string {
  return name.replace(/[^!#$%&'*+\-.^_`|~0-9A-Za-z]/g, '') || 'App';
}
