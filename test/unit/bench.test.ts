import { expect, it } from 'vitest';
import { atOnce } from '../../src/bench/at-once.js';
import { latencyOf, percentile } from '../../src/bench/statistics.js';

it('a percentile is the value that so many of a hundred do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
  expect(percentile([7], 99)).toBe(7);
  expect(percentile([], 50)).toBeNaN();
  expect(latencyOf([3, 1, 2])).toEqual({ medianMs: 2, p95Ms: 3, p99Ms: 3 });
});

it('work is done for each, never more at once than wanted', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await atOnce(3, 10, async (n) => {
    most = Math.max(most, (running += 1));
    await Promise.resolve();
    running -= 1;
    done.push(n);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(3);
});
