import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileById, profileIds } from '../../src/profiles/index.js';
import { LATENCY_EDGES, NO_LATENCY, percentile } from '../../src/store/stats/latency.js';
import { LONGEST_ATTEMPT_MS } from '../../src/store/stats/minutes.js';

/** The class that PostgreSQL's `width_bucket` puts a duration in. */
const classOf = (durationMs: number) => LATENCY_EDGES.filter((edge) => edge <= durationMs).length;

function countsOf(durations: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const each of durations) counts.set(classOf(each), (counts.get(classOf(each)) ?? 0) + 1);
  return counts;
}

/** The smallest duration that at least this part of all does not exceed. */
function exact(durations: readonly number[], part: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
}

describe('a percentile of durations in classes', () => {
  it('has classes that ascend, from 0 to more than any attempt takes', () => {
    expect(LATENCY_EDGES[0]).toBe(0);
    expect(LATENCY_EDGES).toEqual([...new Set(LATENCY_EDGES)].sort((a, b) => a - b));
    expect(LATENCY_EDGES.at(-1)).toBeGreaterThanOrEqual(LONGEST_ATTEMPT_MS);
  });

  it.each(profileIds)('no attempt of %s takes longer than statistics look back', (id) => {
    expect(2 * profileById(id).timeLimitMs).toBeLessThanOrEqual(LONGEST_ATTEMPT_MS);
  });

  it('is null without durations, and counts none that are missing', () => {
    expect(percentile(new Map(), 0.5)).toBeNull();
    expect(percentile(new Map([[NO_LATENCY, 7]]), 0.5)).toBeNull();
    expect(percentile(new Map([...countsOf([3]), [NO_LATENCY, 7]]), 0.5)).toBe(3);
  });

  it('is exact below 8 ms', () => {
    const durations = [0, 1, 2, 3, 4, 5, 6, 7, 7, 7];
    for (const part of [0.1, 0.5, 0.75, 0.95]) {
      expect(percentile(countsOf(durations), part)).toBe(exact(durations, part));
    }
  });

  it('is off by less than 19 %', () => {
    const durations = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95), (all, part) => {
        const right = exact(all, part);
        expect(Math.abs((percentile(countsOf(all), part) ?? NaN) - right)).toBeLessThanOrEqual(
          0.19 * right + 1,
        );
      }),
    );
  });
});
