import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sealedAnew } from '../../src/store/secrets/seal-anew.js';
import { createSealer, keyIdOf } from '../../src/store/secrets/sealer.js';

const [former, current] = [randomBytes(32), randomBytes(32)];
const before = createSealer(former);
const both = createSealer(current, [former]);
const now = new Date('2026-04-16T12:00:00Z');
const previous = (secret: string, expires_at: string) => ({
  secret: before.seal(secret, 'e1').toString('base64'),
  expires_at,
});
const values = {
  id: 'e1',
  secret: before.seal('the secret', 'e1'),
  headers: before.seal('{"X-Key":"the header"}', 'e1'),
  previousSecrets: [
    previous('over', '2026-04-16T12:00:00.000Z'),
    previous('in force', '2026-04-16T12:00:00.001Z'),
  ],
};

describe('what an endpoint holds, sealed anew', () => {
  it('opens with the current key alone, and is what it was', () => {
    const anew = sealedAnew(values, both, now);
    const alone = createSealer(current);
    expect(alone.open(anew.secret ?? Buffer.alloc(0), 'e1')).toBe('the secret');
    expect(alone.open(anew.headers ?? Buffer.alloc(0), 'e1')).toBe('{"X-Key":"the header"}');
  });

  it('keeps the previous secrets whose grace lasts, with their times', () => {
    const [kept, ...more] = sealedAnew(values, both, now).previousSecrets;
    expect(more).toEqual([]);
    const sealed = Buffer.from(kept?.secret ?? '', 'base64');
    expect([keyIdOf(sealed), both.open(sealed, 'e1')]).toEqual([both.keyId, 'in force']);
    expect(kept?.expires_at).toBe('2026-04-16T12:00:00.001Z');
  });

  it('is nothing where nothing is', () => {
    const nothing = { id: 'e1', secret: null, headers: null, previousSecrets: [] };
    expect(sealedAnew(nothing, both, now)).toEqual(nothing);
  });

  it('holds what does not open as it was, and the rest anew', () => {
    const foreign = createSealer(randomBytes(32)).seal('x', 'e1');
    const anew = sealedAnew({ ...values, headers: foreign }, both, now);
    expect(anew.headers).toEqual(foreign);
    expect(keyIdOf(anew.secret ?? Buffer.alloc(0))).toBe(both.keyId);
  });
});
