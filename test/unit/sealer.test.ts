import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer, keyIdOf, type Sealer } from '../../src/store/secrets/sealer.js';

const sealer = createSealer(randomBytes(32));

describe('a sealed value', () => {
  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (text, context) => {
        expect(sealer.open(sealer.seal(text, context), context)).toBe(text);
      }),
    );
  });

  it('differs each time, and does not show what it holds', () => {
    const [one, two] = [sealer.seal('whsec_secret', 'a'), sealer.seal('whsec_secret', 'a')];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('whsec_')).toBe(false);
  });

  it('does not open for another endpoint', () => {
    expect(() => sealer.open(sealer.seal('x', 'endpoint-1'), 'endpoint-2')).toThrow();
  });

  it('does not open with another key, and says so', () => {
    const other = createSealer(randomBytes(32));
    expect(() => other.open(sealer.seal('x', 'a'), 'a')).toThrow(/another POSTHORN_ENCRYPTION_KEY/);
  });

  it('opens with a former key, and is sealed with the current one', () => {
    const [former, current] = [randomBytes(32), randomBytes(32)];
    const both = createSealer(current, [former, current]);
    expect(both.open(createSealer(former).seal('x', 'a'), 'a')).toBe('x');
    expect(createSealer(current).open(both.seal('x', 'a'), 'a')).toBe('x');
    expect(keyIdOf(both.seal('x', 'a'))).toBe(both.keyId);
  });

  it('that does not open names the key by its id, and shows nothing of any key', () => {
    const [key, other] = [randomBytes(32), randomBytes(32)];
    const sealed = createSealer(other).seal('x', 'a');
    const open = () => createSealer(key).open(sealed, 'a');
    expect(open).toThrow(new RegExp(`whose id is ${createSealer(other).keyId}$`));
    for (const shown of [key, other].flatMap((each) => [each.toString('base64'), each.toString('hex')])) {
      expect(open).not.toThrow(shown.slice(0, 8));
    }
  });

  it('does not open when any byte of it was changed', () => {
    const sealed = sealer.seal('a signing secret', 'a');
    for (let at = 0; at < sealed.length; at += 1) {
      const tampered = Buffer.from(sealed);
      tampered[at] = (tampered[at] ?? 0) ^ 0x80;
      expect(() => sealer.open(tampered, 'a')).toThrow();
    }
  });

  it('does not open when it was cut', () => {
    const sealed = sealer.seal('a signing secret', 'a');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => sealer.open(sealed.subarray(0, length), 'a')).toThrow();
    }
  });

  it('does not show its text in the error', () => {
    const sealed = sealer.seal('a signing secret', 'a');
    expect(() => sealer.open(sealed, 'b')).not.toThrow(/a signing secret/);
  });
});

it('a key is changed in steps of which any two neighbours open what the other seals', () => {
  const [old, next] = [randomBytes(32), randomBytes(32)];
  const steps = [
    createSealer(old),
    createSealer(old, [next]),
    createSealer(next, [old]),
    // What was sealed with the old key has been sealed anew before this one.
    createSealer(next),
  ];
  const opens = (one: Sealer, other: Sealer) => one.open(other.seal('x', 'a'), 'a') === 'x';
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1] ?? step;
    expect([opens(step, before), opens(before, step)]).toEqual([true, true]);
  }
});
