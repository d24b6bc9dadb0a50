import { expect, it } from 'vitest';
import { latencyOf, percentile } from '../../src/bench/statistics.js';

it('a percentile is the value that so many of a hundred do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
  expect(percentile([7], 99)).toBe(7);
  expect(percentile([], 50)).toBeNaN();
  expect(latencyOf([3, 1, 2])).toEqual({ medianMs: 2, p95Ms: 3, p99Ms: 3, maxMs: 3 });
});
