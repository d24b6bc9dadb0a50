import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileById, profileIds } from '../../src/profiles/index.js';
import {
  type HeadersLike,
  profiles,
  type Reason,
  VerificationError,
  verify,
  verifyRequest,
  type VerifyOptions,
} from '../../src/verify/index.js';
import { schemes } from '../../src/verify/scheme.js';
import {
  optionsFor,
  OTHER_SECRET,
  PRIVATE_KEY,
  PROFILES,
  PUBLIC_KEY,
  SECRET,
  signedRequest,
  type SignedRequest,
  signedVectors,
  TIMESTAMP,
  unsignedVectors,
} from '../support/signed-requests.js';

/** What is changed about a request before it is verified. */
interface Changes extends Partial<VerifyOptions> {
  readonly body?: string | Uint8Array | ArrayBuffer;
  readonly headers?: HeadersLike;
}

function verified(request: SignedRequest, { body, headers, ...options }: Changes = {}) {
  return verify(body ?? request.body, headers ?? request.headers, optionsFor(request, options));
}

/** Why it is refused; null when it is accepted. */
async function refusal(request: SignedRequest, changes: Changes = {}): Promise<VerificationError | null> {
  try {
    await verified(request, changes);
    return null;
  } catch (error) {
    if (error instanceof VerificationError) return error;
    throw error;
  }
}

const reason = async (request: SignedRequest, changes: Changes = {}): Promise<Reason | null> =>
  (await refusal(request, changes))?.reason ?? null;

const withHeader = ({ headers }: SignedRequest, name: string, value: string | undefined) => {
  const others = Object.entries(headers).filter(([key]) => key.toLowerCase() !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
};

describe('the vectors, which were computed apart from this project', () => {
  it.each(signedVectors())('$profile: verify', async (request) => {
    expect((await verified(request)).body).toEqual(JSON.parse(request.body));
  });

  it.each(signedVectors())('$profile: do not with one byte more', async (request) => {
    expect(await reason(request, { body: `${request.body} ` })).toBe('signature_mismatch');
  });

  it.each(unsignedVectors())('$profile: without a signature it is always refused', async (request) => {
    expect(await reason(request)).toBe('header_missing');
  });
});

describe.each(PROFILES)('%s', (profile) => {
  const request = signedRequest(profile);
  const id = profileById(profile).eventId.fromBytes(Buffer.alloc(32, 7));

  it('gives the event of what Posthorn signs', async () => {
    expect(await verified(request)).toEqual({
      id,
      type: 'order.paid',
      timestamp: new Date(profiles[profile].signsTime ? TIMESTAMP * 1000 : '2026-04-16T12:00:00Z'),
      test: false,
      data: { name: 'Zoë ☃', path: 'a/b' },
      body: JSON.parse(request.body) as unknown,
    });
  });

  it('says which one is a test event', async () => {
    const { testEvent } = profileById(profile);
    const test = signedRequest(profile, { type: testEvent.type, data: testEvent.data });
    const mark = testEvent.marked ? { 'X-Posthorn-Test': 'true' } : {};
    expect((await verified(test, { headers: { ...test.headers, ...mark } })).test).toBe(true);
    expect((await verified(test)).test).toBe(!testEvent.marked);
  });

  it('refuses another body and another secret', async () => {
    expect(await reason(request, { body: request.body.replace('a/b', 'a/c') })).toBe('signature_mismatch');
    expect(await reason(request, { secret: OTHER_SECRET })).toBe('signature_mismatch');
  });

  it('accepts with one of several secrets', async () => {
    expect(await reason(request, { secret: [OTHER_SECRET, SECRET] })).toBeNull();
    expect(await reason(request, { secret: [OTHER_SECRET, OTHER_SECRET] })).toBe('signature_mismatch');
  });

  it('accepts with either secret of a rotation, where both sign', async () => {
    const rotated = signedRequest(profile, { secrets: [OTHER_SECRET, SECRET] });
    expect(await reason(rotated, { secret: OTHER_SECRET })).toBeNull();
    const bothSign = ['standard', 'scalekit', 'scute'].includes(profile);
    expect(await reason(rotated, { secret: SECRET })).toBe(bothSign ? null : 'signature_mismatch');
  });

  it('refuses without its signature header, or with another in it, and names it', async () => {
    const { signatureHeader } = profiles[profile];
    for (const [value, expected] of [
      [undefined, 'header_missing'],
      ['', 'header_missing'],
      ['no signature', 'header_malformed'],
    ] as const) {
      const headers = withHeader(request, signatureHeader, value);
      // Scalekit's is in the standard header, too.
      const withoutSecond = Object.entries(headers).filter(([name]) => name !== 'webhook-signature');
      const refused = await refusal(request, {
        headers: Object.fromEntries(profile === 'scalekit' ? withoutSecond : Object.entries(headers)),
      });
      expect(refused).toMatchObject({ reason: expected, header: signatureHeader, status: 400 });
    }
  });

  it('finds headers in every form', async () => {
    const upper = Object.entries(request.headers).map(
      ([name, value]) => [name.toUpperCase(), value] as const,
    );
    const lists = upper.map(([name, value]) => [name, [` ${value}`]] as const);
    expect(await reason(request, { headers: new Headers(request.headers) })).toBeNull();
    expect(await reason(request, { headers: Object.fromEntries(upper) })).toBeNull();
    expect(await reason(request, { headers: Object.fromEntries(lists) })).toBeNull();
  });

  it('takes bytes and their text', async () => {
    const bytes = new TextEncoder().encode(`<${request.body}>`).subarray(1, -1);
    expect(await reason(request, { body: bytes })).toBeNull();
    expect(await reason(request, { body: Buffer.from(request.body) })).toBeNull();
    expect(await reason(request, { body: new TextEncoder().encode(request.body).buffer })).toBeNull();
  });

  it('says of a signed body that is no JSON that it is none', async () => {
    for (const body of ['', 'hello', '{"a":1', '\ufeff{}']) {
      const signed = signedRequest(profile, { body });
      expect(await refusal(signed)).toMatchObject({ reason: 'body_not_json', status: 400 });
    }
  });

  it('gives what there is of a body without the usual members', async () => {
    for (const body of ['{}', '[]', 'null', '"text"', '{"type":1,"event":1,"event_type":1,"data":1}']) {
      const { type, body: parsed } = await verified(signedRequest(profile, { body }));
      expect([type, parsed]).toEqual(['', JSON.parse(body)]);
    }
  });

  it('ignores white space around the secret', async () => {
    expect(await reason(request, { secret: ` \ufeff${SECRET}\u200b\r\n` })).toBeNull();
  });

  it.each(['', ' \n', undefined as unknown as string, []])(
    'says that the secret %j is none, as the receiver’s fault',
    async (secret) => {
      expect(await refusal(request, { secret })).toMatchObject({ reason: 'secret_malformed', status: 500 });
    },
  );

  it('needs only one secret that is well-formed, if it fits', async () => {
    expect(await reason(request, { secret: ['', SECRET] })).toBeNull();
    expect(await reason(request, { secret: ['', OTHER_SECRET] })).toBe('secret_malformed');
  });

  it('is described', () => {
    const { signatureHeader, signsTime, idFrom } = profiles[profile];
    const { ownHeaders } = profileById(profile);
    expect(ownHeaders).toContain(signatureHeader);
    expect(signsTime).toBe(!['scalekit-auth', 'scendcore'].includes(profile));
    expect([...ownHeaders, 'body.id']).toContain(idFrom);
    expect(schemes[profile].members).toEqual(Object.keys(JSON.parse(request.body) as object));
    expect(JSON.parse(request.body)).toHaveProperty(schemes[profile].timeMember);
  });
});

it('knows every profile that there is', () => {
  expect([...PROFILES].sort()).toEqual([...profileIds].sort());
  expect(Object.keys(profiles)).toEqual([...PROFILES]);
});

describe.each(PROFILES.filter((profile) => profiles[profile].signsTime))('%s: the signed time', (profile) => {
  const request = signedRequest(profile);
  const at = (seconds: number, others: Changes = {}) =>
    refusal(request, { now: () => (TIMESTAMP + seconds) * 1000 + 999, ...others });

  it('may be off by five minutes, either way', async () => {
    expect(await at(300)).toBeNull();
    expect(await at(-300)).toBeNull();
    expect(await at(301)).toMatchObject({ reason: 'timestamp_too_old', status: 401 });
    expect(await at(-301)).toMatchObject({ reason: 'timestamp_too_new', status: 401 });
  });

  it('may be off by what the receiver says', async () => {
    expect(await at(11, { toleranceSeconds: 10 })).toMatchObject({ reason: 'timestamp_too_old' });
    expect(await at(1, { toleranceSeconds: 0 })).toMatchObject({ reason: 'timestamp_too_old' });
    expect(await at(1e9, { toleranceSeconds: Infinity })).toBeNull();
  });

  it('is judged after the signature: too old does not hide a wrong secret', async () => {
    expect(await at(1e6, { secret: OTHER_SECRET })).toMatchObject({ reason: 'signature_mismatch' });
    expect(await at(-1e6, { body: '{}' })).toMatchObject({ reason: 'signature_mismatch' });
  });

  it.each(['', 'now', '12.5', '-1', '1e9', ' ', '2026-04-16T12:00:00Z'])('is not %j', async (time) => {
    const scute = { 'x-webhook-signature': `t=${time},v1=${'0'.repeat(64)}` };
    const headers = profile === 'scute' ? scute : withHeader(request, 'webhook-timestamp', time);
    expect(await reason(request, { headers })).toMatch(/^header_/);
  });

  it('is by default that of this machine', async () => {
    const options = { secret: SECRET, profile };
    await expect(verify(request.body, request.headers, options)).rejects.toThrow(VerificationError);
    const now = signedRequest(profile, { timestamp: Math.floor(Date.now() / 1000) });
    expect(await verify(now.body, now.headers, options)).toMatchObject({ type: 'order.paid' });
  });
});

it.each(PROFILES.filter((profile) => !profiles[profile].signsTime))(
  '%s: no time is signed, so an old request is accepted',
  async (profile) => {
    expect(await reason(signedRequest(profile), { now: () => 1e15 })).toBeNull();
  },
);

describe('standard', () => {
  const request = signedRequest('standard');

  it('is what is verified when no profile is named', async () => {
    const { body, headers } = request;
    expect(await verify(body, headers, { secret: SECRET, now: () => TIMESTAMP * 1000 })).toBeTruthy();
  });

  it('takes ed25519, alone and beside another', async () => {
    const signed = signedRequest('standard', { secrets: [PRIVATE_KEY] });
    expect(await reason(signed, { secret: PUBLIC_KEY })).toBeNull();
    expect(await reason(signed, { secret: PUBLIC_KEY, body: '{}' })).toBe('signature_mismatch');
    expect(await reason(signed, { secret: SECRET })).toBe('signature_mismatch');
    expect(await reason(request, { secret: PUBLIC_KEY })).toBe('signature_mismatch');
    const rotated = signedRequest('standard', { secrets: [SECRET, PRIVATE_KEY] });
    for (const secret of [SECRET, PUBLIC_KEY, [OTHER_SECRET, PUBLIC_KEY]]) {
      expect(await reason(rotated, { secret })).toBeNull();
    }
  });

  it.each([
    ['text', 'correct-horse-battery-staple'],
    ['no prefix', SECRET.slice('whsec_'.length)],
    ['a private key', PRIVATE_KEY],
    ['too short', 'whsec_MfKQ9r8G'],
    ['too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['not base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!w'],
    ['half a public key', PUBLIC_KEY.slice(0, 20)],
  ])('refuses a secret that is %s, without showing it', async (_what, secret) => {
    const refused = await refusal(request, { secret });
    expect(refused?.reason).toBe('secret_malformed');
    expect(refused?.message).not.toContain(secret);
  });

  it('takes base64 whose padding was left out', async () => {
    const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
    const signed = signedRequest('standard', { secrets: [secret] });
    expect(await reason(signed, { secret: secret.replace(/=+$/, '') })).toBeNull();
  });

  it.each([
    ['webhook-id', undefined, 'header_missing'],
    ['webhook-timestamp', undefined, 'header_missing'],
    ['webhook-id', 'another', 'signature_mismatch'],
    ['webhook-id', 'with.dot', 'header_malformed'],
    ['webhook-timestamp', String(TIMESTAMP + 1), 'signature_mismatch'],
    ['webhook-signature', 'v2,AAAA', 'header_malformed'],
    ['webhook-signature', `v1,${Buffer.alloc(31).toString('base64')}`, 'header_malformed'],
    ['webhook-signature', `v1,${Buffer.alloc(32).toString('base64')} `.repeat(17), 'header_malformed'],
  ] as const)('with %s: %s it is %s', async (name, value, expected) => {
    expect(await reason(request, { headers: withHeader(request, name, value) })).toBe(expected);
  });

  it('passes over signatures of versions that it does not know', async () => {
    const { 'webhook-signature': signature = '' } = request.headers;
    const headers = withHeader(request, 'webhook-signature', `v9,x  v1,AAAA ${signature}`);
    expect(await reason(request, { headers })).toBeNull();
  });

  it('refuses a header that is there twice', async () => {
    const twice = { ...request.headers, 'Webhook-Id': 'another' };
    expect(await refusal(request, { headers: twice })).toMatchObject({
      reason: 'header_malformed',
      header: 'webhook-id',
    });
    const list = { ...request.headers, 'webhook-id': ['a', 'b'] };
    expect(await reason(request, { headers: list })).toBe('header_malformed');
  });
});

describe('scalekit', () => {
  const request = signedRequest('scalekit');
  const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;

  it.each(['scalekit-signature', 'webhook-signature'])('accepts without %s', async (name) => {
    expect(await reason(request, { headers: withHeader(request, name, undefined) })).toBeNull();
  });

  it.each(['scalekit-signature', 'webhook-signature'])('refuses a wrong %s', async (name) => {
    expect(await reason(request, { headers: withHeader(request, name, wrong) })).toBe('signature_mismatch');
  });
});

describe('text secrets', () => {
  it.each(['1234567', 'x'.repeat(257), 'half \ud83d surrogate'])('are not %j', async (secret) => {
    expect(await reason(signedRequest('scute'), { secret })).toBe('secret_malformed');
  });

  it.each(['12345678', 'Zoë ☃ secret', '😀'.repeat(256)])('are %j', async (secret) => {
    expect(await reason(signedRequest('scute', { secrets: [secret] }))).toBeNull();
  });
});

describe('scendcore', () => {
  it('has an id only in its header, which is not signed', async () => {
    const request = signedRequest('scendcore');
    const headers = withHeader(request, 'x-scendcore-delivery', undefined);
    expect((await verified(request, { headers })).id).toBeNull();
  });
});

describe('mistakes of the receiver’s code', () => {
  const request = signedRequest('standard');

  it.each([
    ['a parsed body', { body: {} as unknown as string }, /not a parsed body/],
    ['a profile that is none', { profile: 'stripe' as 'scute' }, /no profile "stripe"/],
    ['a profile by a name of every object', { profile: 'constructor' as 'scute' }, /no profile/],
    ['a negative tolerance', { toleranceSeconds: -1 }, /toleranceSeconds/],
    ['a tolerance that is no number', { toleranceSeconds: Number.NaN }, /toleranceSeconds/],
  ] as const)('%s is a TypeError', async (_what, changes, text) => {
    await expect(verified(request, changes)).rejects.toThrow(TypeError);
    await expect(verified(request, changes)).rejects.toThrow(text);
  });
});

describe('verifyRequest', () => {
  const request = signedRequest('standard');
  const fetched = () => new Request('http://127.0.0.1/', { method: 'POST', ...request });

  it('verifies a Fetch Request by its bytes', async () => {
    const event = await verifyRequest<{ name: string }>(fetched(), optionsFor(request));
    expect(event.data.name).toBe('Zoë ☃');
  });

  it('says what to do when its body was read before', async () => {
    const read = fetched();
    await read.text();
    await expect(verifyRequest(read, optionsFor(request))).rejects.toThrow(/clone/);
  });
});

describe.each(PROFILES)('%s: nothing that is signed can be changed', (profile) => {
  const request = signedRequest(profile);
  const bytes = Buffer.from(request.body);

  it('not a bit of the body', async () => {
    const flip = fc.tuple(fc.nat(bytes.length - 1), fc.nat(7));
    await fc.assert(
      fc.asyncProperty(flip, async ([index, bit]) => {
        const body = Buffer.from(bytes);
        body[index] = (body[index] ?? 0) ^ (1 << bit);
        expect(await reason(request, { body })).toBe('signature_mismatch');
      }),
    );
  });

  it('neither more nor less of the body', async () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(await reason(request, { body: bytes.subarray(0, length) })).toBe('signature_mismatch');
    }
    for (const more of ['\0', '\n', ' ', '}']) {
      expect(await reason(request, { body: request.body + more })).toBe('signature_mismatch');
    }
  });

  it('not a character of its headers', async () => {
    const signed = Object.entries(request.headers).filter(
      ([name]) => !['user-agent', 'x-scendcore-delivery'].includes(name.toLowerCase()),
    );
    const places = signed.flatMap(([name, value]) => Array.from(value, (_, index) => ({ name, index })));
    const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), visible, async ({ name, index }, character) => {
        const value = request.headers[name] ?? '';
        fc.pre(value[index] !== character);
        const changed = value.slice(0, index) + character + value.slice(index + 1);
        const headers = { ...request.headers, [name]: changed };
        expect(await reason(request, { headers })).toMatch(/^(signature_mismatch|header_malformed)$/);
      }),
      { numRuns: 500 },
    );
  });

  it('and no other secret fits', async () => {
    const secret = fc
      .uint8Array({ minLength: 24, maxLength: 64 })
      .map((key) => `whsec_${Buffer.from(key).toString('base64')}`);
    await fc.assert(
      fc.asyncProperty(secret, async (other) => {
        expect(await reason(request, { secret: other })).toBe('signature_mismatch');
      }),
    );
  });
});
