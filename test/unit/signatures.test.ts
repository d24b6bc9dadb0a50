import { createHmac, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Scalekit } from '@scalekit-sdk/node';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { hmacHex, publicKeyOf, standardSignature } from '../../src/profiles/signing/signature.js';
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

/** Whether a `v1a` signature is that of a `whpk_` key, through node:crypto alone. */
function isSignedWith(publicKey: string, signature: string, signed: Buffer): boolean {
  const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex');
  const key = createPublicKey({
    key: Buffer.concat([spkiHeader, Buffer.from(publicKey.slice('whpk_'.length), 'base64')]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, signed, key, Buffer.from(signature.slice('v1a,'.length), 'base64'));
}

describe('during a rotation', () => {
  const OLD = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const NEW = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
  const PAIR =
    'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
  const timestamp = Math.floor(Date.now() / 1000);
  const body = Buffer.from('{"data":"Zoë ☃"}');

  const sent = (profile: string, ...secrets: string[]) => {
    const headers = profileById(profile).headers({
      eventId: 'evt_1',
      appName: 'Acme',
      timestamp,
      body,
      secrets,
    });
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  };
  const hex = (secret: string, ...parts: (string | Buffer)[]) => {
    const hmac = createHmac('sha256', secret);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  };
  const v1 = (secret: string) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`evt_1.${timestamp}.`).update(body).digest('base64')}`;
  };

  it('standard: the old signature and the new one, and receivers with either secret accept', () => {
    const headers = sent('standard', OLD, NEW);
    expect(headers['webhook-signature']).toBe(`${v1(OLD)} ${v1(NEW)}`);
    for (const secret of [OLD, NEW]) new StandardWebhook(secret).verify(body, headers);
    const other = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
    expect(() => new StandardWebhook(other).verify(body, headers)).toThrow();
  });

  it.each<[string, string, string, RegExp]>([
    ['from ed25519 to symmetric', PAIR, NEW, /^v1a,[^ ]+ v1,[^ ]+$/],
    ['from symmetric to ed25519', OLD, PAIR, /^v1,[^ ]+ v1a,[^ ]+$/],
  ])('standard: %s, receivers of either kind accept', (_what, before, after, form) => {
    const headers = sent('standard', before, after);
    const signatures = headers['webhook-signature'] ?? '';
    expect(signatures).toMatch(form);
    new StandardWebhook(before === PAIR ? after : before).verify(body, headers);
    const asymmetric = signatures.split(' ').find((signature) => signature.startsWith('v1a,')) ?? '';
    const signed = Buffer.concat([Buffer.from(`evt_1.${timestamp}.`), body]);
    expect(isSignedWith(publicKeyOf(PAIR), asymmetric, signed)).toBe(true);
  });

  it('scalekit: the old signature and the new one in both headers, and its SDK accepts with either', () => {
    const headers = sent('scalekit', OLD, NEW);
    expect(headers['scalekit-signature']).toBe(`${v1(OLD)} ${v1(NEW)}`);
    expect(headers['webhook-signature']).toBe(headers['scalekit-signature']);
    const sdk = new Scalekit('http://127.0.0.1', 'client', 'secret');
    for (const secret of [OLD, NEW]) {
      expect(sdk.verifyWebhookPayload(secret, headers, body.toString())).toBe(true);
      new StandardWebhook(secret).verify(body, headers);
    }
  });

  it('scute: the old v1 first, since the snippet of its document reads no other', () => {
    const [old, young] = [OLD, 'another-secret'].map((secret) => hex(secret, `${timestamp}.`, body));
    expect(sent('scute', OLD, 'another-secret')['x-webhook-signature']).toBe(
      `t=${timestamp},v1=${old},v1=${young}`,
    );
  });

  it('scalekit-auth and scendcore: the old signature alone', () => {
    expect(sent('scalekit-auth', OLD, NEW)).toEqual({ 'x-scalekit-signature': hex(OLD, body) });
    expect(sent('scendcore', OLD, NEW)).toEqual({
      'x-scendcore-delivery': 'evt_1',
      'x-scendcore-signature': `sha256=${hex(OLD, body)}`,
    });
  });
});

describe('an ed25519 signature', () => {
  const vector = vectors.find(({ public: publicKey }) => publicKey !== undefined);

  it('verifies with the whpk_ key, through node:crypto alone', () => {
    const { secret, id = '', timestamp = 0, body = '' } = vector ?? {};
    const signature = standardSignature(secret ?? '', id, timestamp, Buffer.from(body));
    const publicKey = publicKeyOf(secret ?? '');
    expect(publicKey).toBe(vector?.public);
    const signed = Buffer.from(`${id}.${timestamp}.${body}`);
    expect(isSignedWith(publicKey, signature, signed)).toBe(true);
    expect(isSignedWith(publicKey, signature, Buffer.concat([signed, Buffer.from(' ')]))).toBe(false);
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
