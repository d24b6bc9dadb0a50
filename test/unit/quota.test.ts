import { describe, expect, it } from 'vitest';
import { Quota } from '../../src/lib/quota.js';

describe('a quota', () => {
  it('lets each owner have so much, and not more', () => {
    const quota = new Quota(3);
    expect([1, 2, 3, 4].map(() => quota.enter('a'))).toEqual([true, true, true, false]);
    expect(quota.enter('b', 3)).toBe(true);
    expect(quota.enter('b')).toBe(false);
  });

  it('takes nothing for what it refuses', () => {
    const quota = new Quota(3);
    expect(quota.enter('a', 2)).toBe(true);
    expect(quota.enter('a', 2)).toBe(false);
    expect(quota.enter('a', 1)).toBe(true);
  });

  it('has room again for what was given back', () => {
    const quota = new Quota(2);
    quota.enter('a', 2);
    quota.leave('a');
    expect([quota.enter('a'), quota.enter('a')]).toEqual([true, false]);
    quota.leave('a', 2);
    expect(quota.enter('a', 2)).toBe(true);
    quota.leave('a', 2);
    expect(Reflect.get(quota, 'taken')).toHaveProperty('size', 0);
  });
});
