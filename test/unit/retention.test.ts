import { describe, expect, it } from 'vitest';
import { dayOfPartition, partitionOf } from '../../src/store/database/partitions.js';
import { oldestKept } from '../../src/store/retention/retention.js';
import { fittingRetention } from '../../src/temporal/namespace-retention.js';

describe('the oldest day that is kept', () => {
  it.each([
    ['2026-03-31T00:00:00.000Z', 30, '2026-03-01'],
    ['2026-03-31T23:59:59.999Z', 30, '2026-03-01'],
    ['2024-03-01T12:00:00.000Z', 1, '2024-02-29'],
    ['2026-01-01T12:00:00.000Z', 3_650, '2016-01-04'],
  ])('at %s with %d days is %s', (now, days, oldest) => {
    expect(oldestKept(new Date(now), days)).toBe(oldest);
  });

  it('has a partition that tells it', () => {
    expect(partitionOf('events', '2026-03-01')).toBe('events_20260301');
    expect(dayOfPartition('events_20260301')).toBe('2026-03-01');
  });
});

describe('the retention of the Temporal namespace', () => {
  const DAY = 86_400;

  it.each([
    ['fits', 30 * DAY, 30, null],
    ['fits', DAY, 30, null],
    ['fits', DAY, 1, null],
    ['is too long', 30 * DAY + 1, 30, 30],
    ['is too long', 3 * DAY, 1, 1],
    ['is too short', 3_600, 30, 1],
    ['says nothing', 0, 30, 30],
  ])('%s: %d s for a log of %d days', (_what, seconds, days, fitting) => {
    expect(fittingRetention(seconds, days)).toBe(fitting);
  });
});
