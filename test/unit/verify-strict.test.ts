import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROFILES, signedRequest, TIMESTAMP } from '../support/signed-requests.js';
import { reason, withHeader } from '../support/verified.js';

/** No second request says the same as one that was signed. */

describe('a signature has one spelling', () => {
  const standard = signedRequest('standard');
  const scute = signedRequest('scute');
  const { 'webhook-signature': base64 = '' } = standard.headers;
  const { 'X-Webhook-Signature': hex = '' } = scute.headers;
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  /** Its last character has two bits that nobody reads. */
  const respelt = base64.replace(/.(?==$)/, (last) => ALPHABET[ALPHABET.indexOf(last) + 1] ?? '');

  it.each([
    ['other unread bits', respelt],
    ['no padding', base64.replace('=', '')],
    ['something before it', `x${base64}`],
    ['something behind it', `${base64}x`],
    ['a line break', base64.replace('v1,', 'v1,\n')],
  ])('standard: not with %s', async (_what, signature) => {
    expect(Buffer.from(respelt.slice(3), 'base64')).toEqual(Buffer.from(base64.slice(3), 'base64'));
    const headers = withHeader(standard, 'webhook-signature', signature);
    expect(await reason(standard, { headers })).toBe('header_malformed');
  });

  it.each([
    ['upper case', hex.toUpperCase().replace('T=', 't=').replace('V1=', 'v1=')],
    ['half a byte', hex.slice(0, -1)],
    ['two times', `t=1,${hex}`],
    ['the same time twice', `t=${TIMESTAMP},${hex}`],
  ])('scute: not with %s', async (_what, signature) => {
    const headers = withHeader(scute, 'x-webhook-signature', signature);
    expect(await reason(scute, { headers })).toBe('header_malformed');
  });

  it('scute: but with spaces after the commas', async () => {
    const headers = withHeader(scute, 'x-webhook-signature', hex.replace(',', ', '));
    expect(await reason(scute, { headers })).toBeNull();
  });

  it('standard: beside fifteen others, and no more', async () => {
    const other = `v1,${Buffer.alloc(32).toString('base64')} `;
    const beside = (count: number) => withHeader(standard, 'webhook-signature', other.repeat(count) + base64);
    expect(await reason(standard, { headers: beside(15) })).toBeNull();
    expect(await reason(standard, { headers: beside(16) })).toBe('header_malformed');
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
