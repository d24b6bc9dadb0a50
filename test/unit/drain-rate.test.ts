import { describe, expect, it } from 'vitest';
import { drainGroup, drainRate } from '../../src/dispatch/drain-rate.js';

describe('a drain', () => {
  it('begins with a tenth of its rate and has all of it after ten seconds', () => {
    expect(drainRate(100, 0)).toBe(10);
    expect(drainRate(100, 5)).toBeCloseTo(55);
    expect(drainRate(100, 10)).toBe(100);
    expect(drainRate(100, 10_000)).toBe(100);
    expect(drainRate(100, -1)).toBe(10);
  });

  it.each([0.1, 1, 7, 10, 19, 20, 100, 999, 10_000])('lets no more than %d go in a second', (rate) => {
    const { size, pauseMs } = drainGroup(rate);
    expect(size).toBeGreaterThanOrEqual(1);
    expect((size / pauseMs) * 1_000).toBeCloseTo(rate);
  });
});
