import { describe, expect, it } from 'vitest';
import { generateSecret, publicKeyOrNull, secretProblem } from '../../src/profiles/signing/secret.js';

const base64 = (bytes: number) => Buffer.alloc(bytes, 0xa7).toString('base64');
const PAIR = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const wrongPublicHalf = () => {
  const pair = Buffer.from(PAIR.slice(5), 'base64');
  pair[63] = (pair[63] ?? 0) ^ 1;
  return `whsk_${pair.toString('base64')}`;
};

describe('a text secret', () => {
  it.each([
    '12345678',
    'x'.repeat(256),
    'your-webhook-secret',
    '☃☃☃☃☃☃☃☃',
    '🙂'.repeat(256),
    'with spaces \n and \0',
  ])('%j is accepted', (secret) => expect(secretProblem('text', secret)).toBeNull());

  it.each(['', '1234567', '🙂🙂🙂🙂', 'x'.repeat(257)])('%j is refused', (secret) =>
    expect(secretProblem('text', secret)).toBe('must have 8 to 256 characters'),
  );

  it.each([
    ' '.repeat(8),
    '\t\n\r \t\n\r ',
    '\u200b'.repeat(12),
    ' 12345678',
    '12345678\n',
    '\ufeff12345678',
    '12345678\u00a0',
    '1234567\u3000',
  ])('%j has white space at an end: whoever pastes it elsewhere loses that', (secret) =>
    expect(secretProblem('text', secret)).toBe('must not begin or end with white space'),
  );

  it('with half a surrogate, which UTF-8 cannot have, is refused', () => {
    expect(secretProblem('text', '\ud800aaaaaaaa')).toBe('must not contain broken Unicode');
  });
});

describe('a symmetric secret', () => {
  it.each([24, 32, 64])('of %i bytes is accepted', (bytes) => {
    expect(secretProblem('symmetric', `whsec_${base64(bytes)}`)).toBeNull();
    expect(secretProblem('standard', `whsec_${base64(bytes)}`)).toBeNull();
  });

  it('is accepted without its padding', () => {
    expect(secretProblem('standard', `whsec_${base64(32).replace(/=+$/, '')}`)).toBeNull();
  });

  it.each([
    ['without a prefix', base64(32)],
    ['with another prefix', `whsk_${base64(32)}`],
    ['of 23 bytes', `whsec_${base64(23)}`],
    ['of 65 bytes', `whsec_${base64(65)}`],
    ['that is empty', 'whsec_'],
    ['in base64url', `whsec_${Buffer.alloc(32, 0xfb).toString('base64url')}`],
    ['with white space', `whsec_${base64(32)}\n`],
    ['with something behind', `whsec_${base64(32)}AAAA`],
    ['with more padding than there is', `whsec_${base64(32)}==`],
    ['whose last character has bits too many', `whsec_${'A'.repeat(42)}B=`],
    ['with an upper-case prefix', `WHSEC_${base64(32)}`],
  ])('%s is refused, and not repeated', (_what, secret) => {
    const problem = secretProblem('symmetric', secret);
    expect(problem).toBe('must be "whsec_" followed by base64 of 24 to 64 bytes');
  });

  it('as made here has 32 random bytes', () => {
    const made = Array.from({ length: 50 }, generateSecret);
    expect(new Set(made).size).toBe(50);
    for (const secret of made) {
      expect(secretProblem('symmetric', secret)).toBeNull();
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
  });
});

describe('an ed25519 secret', () => {
  it('is named with the symmetric form when a secret is neither', () => {
    expect(secretProblem('standard', 'neither')).toMatch(/^must be "whsec_" followed by .*, or "whsk_" /);
  });

  it('is accepted where a profile is Standard Webhooks itself', () => {
    expect(secretProblem('standard', PAIR)).toBeNull();
    expect(secretProblem('symmetric', PAIR)).toMatch(/^must be "whsec_"/);
  });

  it.each([
    ['its seed alone', `whsk_${Buffer.from(PAIR.slice(5), 'base64').subarray(0, 32).toString('base64')}`],
    ['65 bytes', `whsk_${base64(65)}`],
    ['nothing', 'whsk_'],
    ['garbage', 'whsk_!!!'],
  ])('that is %s is refused', (_what, secret) =>
    expect(secretProblem('standard', secret)).toMatch(/^must be "whsk_" followed by base64 of the 64 bytes/),
  );

  it('whose public half belongs to another key is refused', () => {
    expect(secretProblem('standard', wrongPublicHalf())).toBe(
      'contains a public key that does not match its private key',
    );
  });

  it('has a public key to show; others have none', () => {
    expect(publicKeyOrNull('standard', PAIR)).toBe('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=');
    expect(publicKeyOrNull('standard', generateSecret())).toBeNull();
    expect(publicKeyOrNull('text', PAIR)).toBeNull();
  });
});
