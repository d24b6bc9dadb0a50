import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hmacHex, publicKeyOf, standardSignature } from '../../src/delivery/signature.js';
import { profileById, profileIds } from '../../src/profiles/index.js';

/** One attempt, and the headers that it must be sent with; computed apart from this project. */
interface Vector {
  profile: string;
  secret: string | null;
  public?: string;
  timestamp: number;
  id?: string;
  body: string;
  headers: Record<string, string>;
}

const { vectors } = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8')) as {
  vectors: Vector[];
};
/** A documented system whose profile is yet to come has its vectors waiting here. */
const implemented = vectors.filter(({ profile }) => profileIds.includes(profile));

function headersOf(vector: Vector, secrets = vector.secret === null ? [] : [vector.secret]) {
  const headers = profileById(vector.profile).headers({
    eventId: vector.id ?? 'evt_1',
    appName: 'Acme',
    timestamp: vector.timestamp,
    body: Buffer.from(vector.body),
    secrets,
  });
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

describe('the vectors', () => {
  it('cover every profile', () => {
    expect(implemented.filter(({ profile }) => profile === 'scute')).not.toHaveLength(0);
    expect(implemented.filter(({ profile }) => profile === 'standard')).toHaveLength(2);
    expect(new Set(implemented.map(({ profile }) => profile))).toEqual(new Set(profileIds));
  });

  it.each(implemented.map((vector, index) => ({ ...vector, index })))(
    '$profile: vector $index gives exactly its headers',
    (vector) => {
      const wanted = Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]);
      const headers = headersOf(vector);
      expect(headers).toMatchObject(Object.fromEntries(wanted) as Record<string, string>);
      if (vector.secret === null) {
        expect(Object.keys(headers).filter((name) => name.includes('signature'))).toEqual([]);
      }
    },
  );
});

describe('headers', () => {
  const vector = (profile: string, index = 0): Vector => {
    const found = vectors.filter((each) => each.profile === profile)[index];
    if (!found) throw new Error(`no vector ${index} for ${profile}`);
    return found;
  };

  it.each(profileIds)('%s: are all among its own headers, which endpoints cannot set', (id) => {
    const { ownHeaders } = profileById(id);
    expect(ownHeaders).toEqual(expect.arrayContaining(Object.keys(headersOf(vector(id)))));
    expect(ownHeaders).toEqual(ownHeaders.map((name) => name.toLowerCase()));
  });

  it('standard: name the event, the time of the attempt, and every secret in force, space-separated', () => {
    const first = vector('standard');
    const secrets = [first.secret ?? '', vector('standard', 1).secret ?? ''];
    expect(headersOf(first, secrets)).toEqual({
      'webhook-id': first.id,
      'webhook-timestamp': String(first.timestamp),
      'webhook-signature': `${first.headers['webhook-signature']} ${vector('standard', 1).headers['webhook-signature']}`,
    });
  });

  it('scute: have one v1= for each secret in force, the first one first', () => {
    const { headers, ...rest } = vector('scute');
    const signature = headersOf({ headers, ...rest }, [rest.secret ?? '', 'another-secret'])[
      'x-webhook-signature'
    ];
    expect(signature).toMatch(/^t=1713232500,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    expect(signature?.startsWith(headers['X-Webhook-Signature'] ?? '-')).toBe(true);
  });

  it.each([
    ['Acme', 'Acme-Webhooks/1.0'],
    ['Acme Corp. (EU)', 'AcmeCorp.EU-Webhooks/1.0'],
    ['Zoë\r\nX-Evil: 1', 'ZoX-Evil1-Webhooks/1.0'],
    ['☃', 'App-Webhooks/1.0'],
  ])('scute: application %j is User-Agent %s', (appName, agent) => {
    const headers = profileById('scute').headers({
      eventId: 'e',
      appName,
      timestamp: 1,
      body: Buffer.from('{}'),
      secrets: [],
    });
    expect(headers['User-Agent']).toBe(agent);
  });
});

describe('an ed25519 signature', () => {
  const vector = vectors.find(({ public: publicKey }) => publicKey !== undefined);
  const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex');

  it('verifies with the whpk_ key, through node:crypto alone', () => {
    const { secret, id = '', timestamp = 0, body = '' } = vector ?? {};
    const signature = standardSignature(secret ?? '', id, timestamp, Buffer.from(body));
    const publicKey = publicKeyOf(secret ?? '');
    expect(publicKey).toBe(vector?.public);
    const key = createPublicKey({
      key: Buffer.concat([spkiHeader, Buffer.from(publicKey.slice('whpk_'.length), 'base64')]),
      format: 'der',
      type: 'spki',
    });
    const signed = Buffer.from(`${id}.${timestamp}.${body}`);
    const bytes = Buffer.from(signature.slice('v1a,'.length), 'base64');
    expect(verify(null, signed, key, bytes)).toBe(true);
    expect(verify(null, Buffer.concat([signed, Buffer.from(' ')]), key, bytes)).toBe(false);
  });
});

describe('a signature', () => {
  it('is over the raw bytes, whatever they are', () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    expect(hmacHex('key', bytes)).toBe(hmacHex(Buffer.from('key'), bytes.subarray(0, 2), bytes.subarray(2)));
  });

  it('takes a text secret as its UTF-8 bytes, prefix and all', () => {
    expect(hmacHex('whsec_Zoë', 'x')).toBe(hmacHex(Buffer.from('whsec_Zoë', 'utf8'), 'x'));
    expect(hmacHex('whsec_Zoë', 'x')).not.toBe(hmacHex('Zoë', 'x'));
  });
});
