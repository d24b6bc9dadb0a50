import { z } from 'zod';
import { standardSignature } from './signing/signature.js';
import { countedOnly } from '../domain/health-rule.js';
import { evtIds, type Profile, underData } from './profile.js';
import { scalekitCatalogue } from './catalogues/scalekit.js';

/** Answers that file 003 says not to repeat. */
const FINAL_ANSWERS = [400, 401, 403, 422];

/**
 * Scalekit webhooks, current documentation (file 003). It contradicts itself about retries; of its readings only the
 * one in which the table's six entries stand before the six attempts, the first being immediate, gives both its
 * totals: six attempts over some 22 minutes.
 *
 * It names one signature header and leaves the rest to its SDK, which checks the three of Standard Webhooks: both
 * are sent, with the same signature.
 */
export const profile: Profile = {
  id: 'scalekit',
  title: 'Scalekit',
  sources: ['003_0daf8cdc3377ea44.txt'],
  timeLimitMs: 10_000,
  slowAfterMs: null,
  schedule: { kind: 'table', delaysSeconds: [5, 30, 120, 300, 900] },
  defaultRetryLimit: 5,
  isFinalAnswer: (statusCode) => FINAL_ANSWERS.includes(statusCode),
  activeEndpointLimit: null,
  health: countedOnly,
  secretKind: 'symmetric',
  eventId: evtIds,
  catalogue: scalekitCatalogue,
  attributes: z.strictObject({
    object: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be an object type such as "DirectoryUser"'),
    organization_id: z
      .string()
      .regex(/^org_[A-Za-z0-9_-]{1,60}$/, 'must be "org_" followed by an id, or null')
      .nullable()
      .default(null),
  }),
  testEvent: {
    type: 'user.created',
    data: scalekitCatalogue[0]?.example ?? {},
    attributes: { object: 'User', organization_id: 'org_123456789' },
    marked: true,
  },
  operationalAttributes: { object: 'WebhookEndpoint', organization_id: null },
  envelope: (event) => ({
    spec_version: '1',
    id: event.id,
    object: event.attributes.object,
    environment_id: event.environmentId,
    occurred_at: event.acceptedAt.toISOString(),
    organization_id: event.attributes.organization_id,
    type: event.type,
    data: event.data,
  }),
  dataOf: underData,
  headers: ({ eventId, timestamp, body, secrets }) => {
    const signatures = secrets.map((secret) => standardSignature(secret, eventId, timestamp, body)).join(' ');
    return {
      'scalekit-signature': signatures,
      'webhook-id': eventId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures,
    };
  },
  ownHeaders: ['scalekit-signature', 'webhook-id', 'webhook-timestamp', 'webhook-signature'],
};
