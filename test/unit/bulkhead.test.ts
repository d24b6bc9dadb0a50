import { describe, expect, it } from 'vitest';
import { Bulkhead } from '../../src/bulkhead.js';

describe('a bulkhead', () => {
  it('lets each owner have so much, and not more', () => {
    const bulkhead = new Bulkhead(3);
    expect([1, 2, 3, 4].map(() => bulkhead.enter('a'))).toEqual([true, true, true, false]);
    expect(bulkhead.enter('b', 3)).toBe(true);
    expect(bulkhead.enter('b')).toBe(false);
  });

  it('takes nothing for what it refuses', () => {
    const bulkhead = new Bulkhead(3);
    expect(bulkhead.enter('a', 2)).toBe(true);
    expect(bulkhead.enter('a', 2)).toBe(false);
    expect(bulkhead.enter('a', 1)).toBe(true);
  });

  it('has room again for what was given back', () => {
    const bulkhead = new Bulkhead(2);
    bulkhead.enter('a', 2);
    bulkhead.leave('a');
    expect([bulkhead.enter('a'), bulkhead.enter('a')]).toEqual([true, false]);
    bulkhead.leave('a', 2);
    expect(bulkhead.enter('a', 2)).toBe(true);
  });
});
