import { hmacHex } from './signing/signature.js';
import { countedOnly } from '../domain/health-rule.js';
import { evtIds, inWholeSeconds, noAttributes, type Profile, underData } from './profile.js';
import { scalekitAuthCatalogue } from './catalogues/scalekit-auth.js';

/** Scalekit authentication events (files 001 and 004). "Maximum retries: 10 attempts" is ten after the first. */
export const profile: Profile = {
  id: 'scalekit-auth',
  title: 'Scalekit authentication events',
  sources: ['001_2cf3e526f2555dc5.txt', '004_5bae2c5914f23ee0.txt'],
  timeLimitMs: 10_000,
  slowAfterMs: null,
  schedule: { kind: 'geometric', firstSeconds: 60, factor: 2, maximumSeconds: 1_800, retries: 10 },
  defaultRetryLimit: 10,
  isFinalAnswer: () => false,
  activeEndpointLimit: null,
  health: countedOnly,
  secretKind: 'text',
  eventId: evtIds,
  catalogue: scalekitAuthCatalogue,
  attributes: noAttributes,
  testEvent: {
    type: 'user.authenticated',
    data: scalekitAuthCatalogue[0]?.example ?? {},
    attributes: {},
    marked: true,
  },
  operationalAttributes: {},
  envelope: (event) => ({
    id: event.id,
    type: event.type,
    created: inWholeSeconds(event.acceptedAt),
    data: event.data,
  }),
  dataOf: underData,
  // No time is signed, and one signature is all that the document's snippet can read.
  headers: ({ body, secrets: [secret] }) => (secret ? { 'x-scalekit-signature': hmacHex(secret, body) } : {}),
  ownHeaders: ['x-scalekit-signature'],
};
