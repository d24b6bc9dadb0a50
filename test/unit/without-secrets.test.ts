import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/delivery/without-secrets.js';

const secret = `whsec_${Buffer.from('key/of+a receiver that echoes??').toString('base64')}`;
const token = 'tok/en-"of"-the-receiver';
const own = { secrets: ['geheim✓schlüssel', secret], headers: { Authorization: `Bearer ${token}`, Q: '7' } };

function shown(body: string): string {
  const answer = withoutSecrets({ kind: 'answered', statusCode: 500, body, durationMs: 1 }, own);
  return answer.kind === 'answered' ? answer.body : '';
}

describe('an answer that repeats what only its receiver should know', () => {
  it.each([
    ['a header value', `got Bearer ${token}!`, 'got [secret]!'],
    ['its credentials alone', `token ${token}!`, 'token [secret]!'],
    ['a signing secret', `wrong key ${secret}!`, 'wrong key [secret]!'],
    ['its key alone', `wrong key ${secret.slice(6)}!`, 'wrong key [secret]!'],
    ['a secret of before', 'geheim✓schlüssel.', '[secret].'],
    ['one as JSON', JSON.stringify({ token }), '{"token":"[secret]"}'],
    ['one as JSON with its slashes escaped', JSON.stringify(token).replaceAll('/', '\\/'), '"[secret]"'],
    ['one as ASCII', 'geheim\\u2713schl\\u00fcssel', '[secret]'],
    ['one in a URL', `/?t=${encodeURIComponent(token)}&x`, '/?t=[secret]&x'],
    ['several', `${token} ${secret} ${token}`, '[secret] [secret] [secret]'],
  ])('is kept without it: %s', (_what, body, kept) => {
    expect(shown(body)).toBe(kept);
  });

  it.each([8, 12, token.length - 1])(
    'is kept without the first %i characters that it ends with',
    (length) => {
      expect(shown(`see ${token.slice(0, length)}`)).toBe('see [secret]');
      expect(shown(`see ${token.slice(0, length)}\uFFFD`)).toBe('see [secret]');
    },
  );

  it('leaves what is no secret: short values, words that begin like one', () => {
    for (const body of ['7 times', `see ${token.slice(0, 7)}`, `see ${token.slice(0, 9)}, and more`]) {
      expect(shown(body)).toBe(body);
    }
  });

  it('is kept without it when it is an error', () => {
    const failed = { kind: 'unanswered', code: 'tls', text: `no ${token}`, durationMs: 1 } as const;
    expect(withoutSecrets(failed, own)).toEqual({ ...failed, text: 'no [secret]' });
  });
});

it('any answer with any secrets is kept, whatever they are, and without them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 8 }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (value, before, after) => {
        const answer = {
          kind: 'answered',
          statusCode: 200,
          body: before + value + after,
          durationMs: 1,
        } as const;
        const kept = withoutSecrets(answer, { secrets: [value], headers: {} });
        // What is put in its place could make it up again.
        fc.pre(!/[[\]secrt]/.test(value));
        expect(kept.kind === 'answered' && kept.body.includes(value)).toBe(false);
      },
    ),
  );
});
