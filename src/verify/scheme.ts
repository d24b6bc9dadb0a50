import { fromBase64, fromHex } from './bytes.js';
import type { SecretKind } from './secret.js';
import { SIGNATURE_BYTES, type Signature } from './signature.js';
import type { Profile } from './types.js';

/** How one documented system signs, seen from the receiver's side. Header names are in lower case. */
export interface Scheme {
  readonly profile: Profile;
  /** The signature is in each of these that is there; one must be. */
  readonly signatureHeaders: readonly [string, ...string[]];
  readonly signatureForm: string;
  /** Those in a header's value that have the documented form. */
  readonly signaturesIn: (value: string) => readonly Signature[];
  /** Where the signed time is; null where none is signed. */
  readonly time: {
    readonly header: string;
    /** The header's part that should be a Unix time; null where it has none. */
    readonly in: (value: string) => string | null;
  } | null;
  /** The header with the event's id; null where the body has it. */
  readonly idHeader: string | null;
  readonly signsId: boolean;
  /** What is signed before the body. */
  readonly signedBefore: (id: string, time: string) => string;
  readonly secretKind: SecretKind;
  /** The body's members in the documented order. */
  readonly members: readonly string[];
  readonly typeMember: string;
  /** The body's own time, which is that of the event's acceptance. */
  readonly timeMember: string;
  /** The type that makes an event a test; null where a header does. */
  readonly testType: string | null;
}

const standardWebhooks = {
  signatureForm: 'v1,<base64>',
  signaturesIn: listed,
  time: { header: 'webhook-timestamp', in: (value) => value },
  idHeader: 'webhook-id',
  signsId: true,
  signedBefore: (id, time) => `${id}.${time}.`,
  secretKind: 'prefixed',
  testType: null,
  typeMember: 'type',
} satisfies Partial<Scheme>;

/** What docs/profiles says, in the form that receivers need. */
export const schemes: Readonly<Record<Profile, Scheme>> = {
  standard: {
    ...standardWebhooks,
    profile: 'standard',
    signatureHeaders: ['webhook-signature'],
    members: ['type', 'timestamp', 'data'],
    timeMember: 'timestamp',
  },
  scalekit: {
    ...standardWebhooks,
    profile: 'scalekit',
    // The document's own, and the one that its SDK reads.
    signatureHeaders: ['scalekit-signature', 'webhook-signature'],
    members: [
      'spec_version',
      'id',
      'object',
      'environment_id',
      'occurred_at',
      'organization_id',
      'type',
      'data',
    ],
    timeMember: 'occurred_at',
  },
  'scalekit-auth': {
    profile: 'scalekit-auth',
    signatureHeaders: ['x-scalekit-signature'],
    signatureForm: '<hex>',
    signaturesIn: hexAfter(''),
    time: null,
    idHeader: null,
    signsId: false,
    signedBefore: () => '',
    secretKind: 'text',
    members: ['id', 'type', 'created', 'data'],
    typeMember: 'type',
    timeMember: 'created',
    testType: null,
  },
  scendcore: {
    profile: 'scendcore',
    signatureHeaders: ['x-scendcore-signature'],
    signatureForm: 'sha256=<hex>',
    signaturesIn: hexAfter('sha256='),
    time: null,
    idHeader: 'x-scendcore-delivery',
    signsId: false,
    signedBefore: () => '',
    secretKind: 'text',
    members: ['event', 'timestamp', 'tenant_id', 'data'],
    typeMember: 'event',
    timeMember: 'timestamp',
    testType: null,
  },
  scute: {
    profile: 'scute',
    signatureHeaders: ['x-webhook-signature'],
    signatureForm: 't=<time>,v1=<hex>',
    signaturesIn: (value) => partsOf(value).flatMap(hexAfter('v1=')),
    time: { header: 'x-webhook-signature', in: timeAmongParts },
    idHeader: null,
    signsId: false,
    signedBefore: (_id, time) => `${time}.`,
    secretKind: 'text',
    members: ['id', 'created_at', 'event_type', 'app_id', 'data', 'api_version'],
    typeMember: 'event_type',
    timeMember: 'created_at',
    testType: 'webhook.test',
  },
};

/** Standard Webhooks: `v1,…` and `v1a,…`, separated by spaces; other versions are left alone. */
function listed(value: string): readonly Signature[] {
  return value.split(' ').flatMap((entry) => {
    const [, version, base64 = ''] = /^(v1|v1a),(.+)$/.exec(entry) ?? [];
    const algorithm = version === 'v1a' ? 'ed25519' : 'hmac';
    const bytes = fromBase64(base64);
    return bytes?.length === SIGNATURE_BYTES[algorithm] ? [{ algorithm, bytes }] : [];
  });
}

function hexAfter(prefix: string): (value: string) => readonly Signature[] {
  return (value) => {
    const bytes = value.startsWith(prefix) ? fromHex(value.slice(prefix.length)) : null;
    return bytes?.length === SIGNATURE_BYTES.hmac ? [{ algorithm: 'hmac', bytes }] : [];
  };
}

function partsOf(value: string): readonly string[] {
  return value.split(',').map((part) => part.trim());
}

/** Which of two times was signed nobody could tell. */
function timeAmongParts(value: string): string | null {
  const times = partsOf(value).filter((part) => part.startsWith('t='));
  return times.length === 1 ? (times[0]?.slice(2) ?? null) : null;
}
