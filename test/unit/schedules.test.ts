import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scheduleFor } from '../../src/routing/schedule-choice.js';
import {
  type ScheduleChoice,
  attemptsInAll,
  delayBeforeAttemptMs,
  documentedDelayMs,
  retriesOf,
  prolonged,
  toRetryPolicy,
  truncate,
  type GeometricSchedule,
  type RetryPolicyValues,
  type Schedule,
  type TableSchedule,
} from '../../src/domain/schedule.js';

const HOUR = 3_600;
const scheduleOf = (
  profile: string,
  endpoint: { retryLimit?: number | null; schedule?: ScheduleChoice } = {},
  appSchedule: ScheduleChoice | null = null,
) =>
  scheduleFor(
    { profile, settings: { schedule: appSchedule } },
    { retryLimit: null, schedule: null, ...endpoint },
  );
const scute = (retryLimit: number | null) => scheduleOf('scute', { retryLimit });
const standard = scheduleOf('standard');

/** The documented delays before attempts 2, 3, …, in seconds. */
function delaysOf(schedule: Schedule): number[] {
  return Array.from({ length: retriesOf(schedule) }, (_, n) => documentedDelayMs(schedule, n + 2) / 1000);
}

/** What Temporal waits before the retries of an activity with this policy: initial × coefficient ^ (k - 1), capped. */
function temporalDelaysMs(policy: RetryPolicyValues): number[] {
  return Array.from({ length: policy.maximumAttempts - 1 }, (_, n) =>
    Math.min(policy.initialInterval * policy.backoffCoefficient ** n, policy.maximumInterval),
  );
}

describe('scute', () => {
  const all = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600];

  it.each([
    [0, []],
    [1, [10]],
    [3, [10, 20, 40]],
    [10, all],
  ])('retry_limit %i: delays of %j s', (retryLimit, delays) => {
    expect(delaysOf(scute(retryLimit))).toEqual(delays);
    expect(attemptsInAll(scute(retryLimit))).toBe(retryLimit + 1);
  });

  it('retries three times when nothing is said', () => {
    expect(delaysOf(scute(null))).toEqual([10, 20, 40]);
  });

  it('has no jitter and ignores Retry-After', () => {
    expect(delayBeforeAttemptMs(scute(3), 2, 'any', 60_000)).toBe(10_000);
    expect(delayBeforeAttemptMs(scute(3), 4, 'other')).toBe(40_000);
  });

  it.each([1, 2, 5])(
    "from attempt %i, Temporal's own formula gives exactly the documented delays",
    (first) => {
      const policy = toRetryPolicy(scute(10), first);
      expect(temporalDelaysMs(policy)).toEqual(all.slice(first - 1).map((seconds) => seconds * 1000));
    },
  );
});

describe('standard', () => {
  const delays = [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

  it('makes ten attempts over 75 h 35 min 5 s', () => {
    expect(attemptsInAll(standard)).toBe(10);
    expect(delaysOf(standard)).toEqual(delays);
    expect(delaysOf(standard).reduce((sum, seconds) => sum + seconds)).toBe(75 * HOUR + 35 * 60 + 5);
  });

  it('has jitter of at most 10 % either way, which is spread over all of it', () => {
    for (const [index, seconds] of delays.entries()) {
      const shares = Array.from({ length: 1_000 }, (_, n) => {
        const delay = delayBeforeAttemptMs(standard, index + 2, `delivery-${n}`);
        return delay / (seconds * 1000) - 1;
      });
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(-0.1001);
      expect(Math.max(...shares)).toBeLessThanOrEqual(0.1001);
      expect(Math.min(...shares)).toBeLessThan(-0.095);
      expect(Math.max(...shares)).toBeGreaterThan(0.095);
      expect(Math.abs(shares.reduce((sum, share) => sum + share) / shares.length)).toBeLessThan(0.01);
    }
  });

  it('has jitter that delivery and attempt alone decide, in whole milliseconds', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 2, max: 10 }), (id, attempt) => {
        const delay = delayBeforeAttemptMs(standard, attempt, id);
        expect(delayBeforeAttemptMs(standard, attempt, id)).toBe(delay);
        expect(Number.isInteger(delay)).toBe(true);
      }),
    );
    const ofOne = Array.from({ length: 9 }, (_, n) => delayBeforeAttemptMs(standard, n + 2, 'one'));
    const shares = ofOne.map((delay, n) => (delay / ((delays[n] ?? 1) * 1000)).toFixed(4));
    expect(new Set(shares).size).toBe(9);
  });

  it('has the same jitter for ever: a time that was announced stays true whatever version runs next', () => {
    const delays = (id: string) =>
      [2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => delayBeforeAttemptMs(standard, n, id));
    expect(delays('019d98bc-bfff-8130-bc0e-8cb349127a73')).toMatchInlineSnapshot(`
      [
        5125,
        287757,
        1635730,
        7286131,
        16935777,
        39139384,
        46662174,
        66863302,
        86895065,
      ]
    `);
    expect(delays('')).toMatchInlineSnapshot(`
      [
        5423,
        312942,
        1713065,
        7359020,
        18501688,
        32455448,
        49614276,
        76511308,
        83865176,
      ]
    `);
  });

  it('Retry-After: delay = max(scheduled, min(retry_after, max(scheduled, 1 h)))', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.integer({ min: 2, max: 10 }),
        fc.integer({ min: 0, max: 10 ** 9 }),
        (id, attempt, retryAfter) => {
          const scheduled = delayBeforeAttemptMs(standard, attempt, id);
          const wanted = Math.max(scheduled, Math.min(retryAfter, Math.max(scheduled, HOUR * 1000)));
          expect(delayBeforeAttemptMs(standard, attempt, id, retryAfter)).toBe(wanted);
        },
      ),
    );
  });

  it.each([
    ['0 s: the schedule stays', 2, 0, null],
    ['20 s before attempt 2: 20 s', 2, 20_000, 20_000],
    ['exactly 1 h before attempt 2: 1 h', 2, 3_600_000, 3_600_000],
    ['a day before attempt 2: 1 h', 2, 86_400_000, 3_600_000],
    ['a day before attempt 5, which waits 2 h anyway: the schedule stays', 5, 86_400_000, null],
  ])('Retry-After of %s', (_what, attempt, retryAfter, wanted) => {
    const scheduled = delayBeforeAttemptMs(standard, attempt, 'd');
    expect(delayBeforeAttemptMs(standard, attempt, 'd', retryAfter)).toBe(wanted ?? scheduled);
  });
});

describe('a schedule', () => {
  it('has no delay before attempt 1 or after its last', () => {
    for (const attempt of [0, 1, 5, 2.5e9]) {
      expect(() => documentedDelayMs(scute(3), attempt)).toThrow(
        new RangeError(`the schedule has no delay before attempt ${attempt}`),
      );
    }
    expect(() => delayBeforeAttemptMs(standard, 11, 'd')).toThrow(RangeError);
  });

  it('is truncated, never lengthened', () => {
    expect(attemptsInAll(truncate(standard, 10))).toBe(10);
    expect(delaysOf(truncate(standard, 2))).toEqual([5, 300]);
    expect(attemptsInAll(truncate(scute(3), 10))).toBe(4);
    expect(attemptsInAll(truncate(standard, 0))).toBe(1);
  });

  it('is prolonged for an attempt that was announced by a longer one', () => {
    expect(prolonged(standard, 10)).toBe(standard);
    expect(attemptsInAll(prolonged(truncate(standard, 0), 2))).toBe(2);
    expect(delaysOf(prolonged(truncate(standard, 2), 5))).toEqual([5, 300, 300, 300]);
    expect(delaysOf(prolonged(truncate(standard, 3), 5))).toEqual([5, 300, 1800, 1800]);
    expect(attemptsInAll(prolonged(scute(0), 4))).toBe(4);
  });

  it('never waits less than the second that Temporal would make of it', () => {
    const table: TableSchedule = { kind: 'table', delaysSeconds: [1], jitter: 1 };
    for (let n = 0; n < 200; n += 1) {
      expect(delayBeforeAttemptMs(table, 2, `d-${n}`)).toBeGreaterThanOrEqual(1_000);
    }
  });
});

describe('the retry policy of a geometric schedule', () => {
  const geometric = (changes: Partial<GeometricSchedule>): GeometricSchedule => ({
    kind: 'geometric',
    firstSeconds: 10,
    factor: 3,
    maximumSeconds: 100,
    retries: 5,
    ...changes,
  });

  it('has its numbers in milliseconds', () => {
    expect(toRetryPolicy(geometric({}), 1)).toEqual({
      initialInterval: 10_000,
      backoffCoefficient: 3,
      maximumInterval: 100_000,
      maximumAttempts: 6,
    });
    expect(toRetryPolicy(geometric({}), 3)).toMatchObject({ initialInterval: 90_000, maximumAttempts: 4 });
  });

  it('for the last attempt waits a second that never comes', () => {
    expect(toRetryPolicy(geometric({}), 6)).toEqual({
      initialInterval: 1_000,
      backoffCoefficient: 1,
      maximumInterval: 1_000,
      maximumAttempts: 1,
    });
  });

  it.each([
    ['a factor below 1 is 1', { factor: 0.5 }, { backoffCoefficient: 1 }],
    ['a factor of 1 stays', { factor: 1 }, { backoffCoefficient: 1 }],
    ['a factor without end is 1', { factor: Infinity }, { backoffCoefficient: 1 }],
    ['less than a second is a second', { firstSeconds: 0.2 }, { initialInterval: 1_000 }],
    [
      'more than ten years are ten years',
      { firstSeconds: 1e12, maximumSeconds: 1e12 },
      { initialInterval: 315_360_000_000, maximumInterval: 315_360_000_000 },
    ],
    [
      'no delay is longer than the maximum, which is a second at least',
      { firstSeconds: 10, maximumSeconds: 0.5 },
      { initialInterval: 1_000, maximumInterval: 1_000 },
    ],
    ['more than a million attempts are a million', { retries: 1e9 }, { maximumAttempts: 1_000_000 }],
  ])('is one that Temporal accepts: %s', (_what, changes, policy) => {
    expect(toRetryPolicy(geometric(changes), 1)).toMatchObject(policy);
  });

  it('begins with the first attempt where another is named than there can be', () => {
    expect(toRetryPolicy(geometric({}), -3).maximumAttempts).toBe(6);
    expect(toRetryPolicy(geometric({}), NaN).maximumAttempts).toBe(6);
    expect(toRetryPolicy(geometric({}), 2.4).maximumAttempts).toBe(5);
  });
});

describe('the retry policy of a table', () => {
  it('comes back after the shortest delay that is left: the log says how long it still is', () => {
    expect(toRetryPolicy(standard, 1)).toEqual({
      initialInterval: 4_500,
      backoffCoefficient: 1,
      maximumInterval: 4_500,
      maximumAttempts: 10,
    });
    expect(toRetryPolicy(standard, 8).initialInterval).toBe(0.9 * 20 * HOUR * 1000);
    expect(toRetryPolicy({ kind: 'table', delaysSeconds: [604_800, 1, 60] }, 1).initialInterval).toBe(1_000);
    expect(toRetryPolicy({ kind: 'table', delaysSeconds: [604_800, 1, 60] }, 3).initialInterval).toBe(60_000);
    expect(toRetryPolicy({ kind: 'table', delaysSeconds: [60], jitter: 1 }, 1).initialInterval).toBe(1_000);
    expect(toRetryPolicy({ kind: 'table', delaysSeconds: [1e12] }, 1).initialInterval).toBe(315_360_000_000);
  });

  it('for the last attempt is a single attempt, and so is one that a shorter schedule has no more', () => {
    expect(toRetryPolicy(standard, 10)).toEqual({
      initialInterval: 1_000,
      backoffCoefficient: 1,
      maximumInterval: 1_000,
      maximumAttempts: 1,
    });
    expect(toRetryPolicy(scute(0), 1).maximumAttempts).toBe(1);
    expect(toRetryPolicy(standard, 11).maximumAttempts).toBe(1);
    expect(toRetryPolicy(truncate(standard, 0), 2).maximumAttempts).toBe(1);
  });

  it('is one that Temporal accepts, whatever the table', () => {
    const tables = fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(tables, fc.nat(11), (delaysSeconds, n) => {
        const schedule: TableSchedule = { kind: 'table', delaysSeconds };
        const first = (n % attemptsInAll(schedule)) + 1;
        const policy = toRetryPolicy(schedule, first);
        expect(policy.maximumAttempts).toBe(attemptsInAll(schedule) - first + 1);
        expect(policy.initialInterval).toBeGreaterThanOrEqual(1_000);
        expect(policy.maximumInterval).toBeGreaterThanOrEqual(policy.initialInterval);
        expect(policy.backoffCoefficient).toBeGreaterThanOrEqual(1);
        expect(Number.isFinite(policy.backoffCoefficient)).toBe(true);
      }),
    );
  });
});

describe('a schedule that is chosen', () => {
  it('by a name that is known no more counts as none', () => {
    expect(scheduleOf('scute', { schedule: 'gone' })).toEqual(scheduleOf('scute'));
    expect(scheduleOf('scute', {}, 'gone')).toEqual(scheduleOf('scute'));
  });

  it('is the endpoint’s, else the application’s, else the profile’s', () => {
    expect(delaysOf(scheduleOf('scalekit', {}, null))).toEqual([5, 30, 120, 300, 900]);
    expect(delaysOf(scheduleOf('scalekit', {}, [1, 2]))).toEqual([1, 2]);
    expect(delaysOf(scheduleOf('scalekit', { schedule: [3] }, [1, 2]))).toEqual([3]);
    expect(delaysOf(scheduleOf('scalekit', { schedule: [] }, [1, 2]))).toEqual([]);
  });

  it('by name is the documented one, with as many retries as its document gives', () => {
    expect(delaysOf(scheduleOf('scendcore', {}, 'scute'))).toEqual([10, 20, 40]);
    expect(scheduleOf('scute', { schedule: 'standard' })).toEqual(standard);
  });

  it('ends early with a retry_limit, and has its whole length without one, also over ten', () => {
    expect(delaysOf(scheduleOf('scute', { schedule: [1, 2, 3], retryLimit: 2 }))).toEqual([1, 2]);
    expect(delaysOf(scheduleOf('scute', { schedule: 'scute', retryLimit: 5 }))).toEqual([
      10, 20, 40, 80, 160,
    ]);
    expect(retriesOf(scheduleOf('scute', { schedule: Array.from({ length: 12 }, () => 1) }))).toBe(12);
  });

  it('of own delays keeps them exactly: no jitter, no Retry-After, fractions of a second rounded to ms', () => {
    const own = scheduleOf('standard', { schedule: [1.0004, 90] });
    expect(own).toEqual({ kind: 'table', delaysSeconds: [1.0004, 90] });
    expect(delayBeforeAttemptMs(own, 2, 'any', 60_000)).toBe(1_000);
    expect(delayBeforeAttemptMs(own, 3, 'any', 3_600_000)).toBe(90_000);
  });
});
