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

  it.each([
    [0.1, 1, 10_000],
    [10, 1, 100],
    [20, 1, 50],
    [59, 2, 2_000 / 59],
    [100, 5, 50],
    [10_000, 500, 50],
  ])('at %d a second lets %i go together, and waits %d ms', (rate, size, pauseMs) => {
    expect(drainGroup(rate)).toEqual({ size, pauseMs: expect.closeTo(pauseMs, 6) as number });
  });

  it.each([0.1, 1, 7, 10, 19, 20, 100, 999, 10_000])('lets no more than %d go in a second', (rate) => {
    const { size, pauseMs } = drainGroup(rate);
    expect(size).toBeGreaterThanOrEqual(1);
    expect((size / pauseMs) * 1_000).toBeCloseTo(rate);
  });
});
