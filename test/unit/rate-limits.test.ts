import { describe, expect, it } from 'vitest';
import { createRateLimits } from '../../src/api/access/rate-limits.js';

describe('what holds the process up', () => {
  it('is done one at a time, with a rest three times as long after each', async () => {
    const limits = createRateLimits({ requestsPerSecond: 0, failedAuthenticationsPerMinute: 0 });
    const begun: number[] = [];
    const work = () => {
      begun.push(performance.now());
      while (performance.now() < (begun.at(-1) ?? 0) + 20);
      return begun.length;
    };
    const [one, two] = [limits.begin('one'), limits.begin('two')];
    const inTurn = [one, one, one, two].map((caller) => caller.inTurn(1, work));
    // The second one's turn comes before the first one's third.
    expect(await Promise.all(inTurn)).toEqual([1, 2, 4, 3]);
    const [first = 0, second = 0, third = 0] = begun;
    expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(79);
    const failing = one.inTurn(1, () => {
      throw new Error('of its own');
    });
    await expect(failing).rejects.toThrow('of its own');
    expect(await two.inTurn(1, work)).toBe(5);
  });
});
