import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClockEstimate } from '../../src/lib/clock-estimate.js';

/** Another clock that is ahead of one's own by `ahead`; asked at `at`, it answers after `there`, and that takes `back`. */
function ask(estimate: ClockEstimate, at: number, ahead: number, there: number, back: number): number {
  estimate.heard(at + there + ahead, at, at + there + back);
  return at + there + back;
}

it('knows nothing before it has heard the other clock', () => {
  expect(new ClockEstimate().timeAt(0)).toBeNaN();
});

it('is never further off than half of what the quickest answer took', () => {
  const delay = fc.double({ min: 0, max: 500, noNaN: true });
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.array(fc.tuple(delay, delay), { minLength: 1, maxLength: 20 }),
      (ahead, answers) => {
        const estimate = new ClockEstimate();
        let now = 0;
        for (const [there, back] of answers) now = ask(estimate, now, ahead, there, back);
        const quickest = Math.min(...answers.map(([there, back]) => there + back));
        // Some more for what the clocks may have drifted meanwhile.
        expect(Math.abs(estimate.timeAt(now) - now - ahead)).toBeLessThanOrEqual(
          quickest / 2 + now / 1_000 + 1e-3,
        );
      },
    ),
  );
});

it('trusts a quick answer longer than a slow one, as far as the clocks may have drifted since', () => {
  const estimate = new ClockEstimate();
  ask(estimate, 1_000_000, 60_000, 1, 1);
  const now = ask(estimate, 1_001_000, 60_000, 0, 500);
  expect(Math.abs(estimate.timeAt(now) - now - 60_000)).toBeLessThan(3);
});

it('goes on by its own clock while the other one is silent', () => {
  const estimate = new ClockEstimate();
  ask(estimate, 0, 60_000, 1, 1);
  expect(estimate.timeAt(3_600_000)).toBeCloseTo(3_660_000, 0);
});

it.each([-3_600_000, -2_000, 2_000, 3_600_000])(
  'follows the other clock when that is set by %i ms',
  (set) => {
    const estimate = new ClockEstimate();
    let now = 0;
    for (let n = 0; n < 10; n += 1) now = ask(estimate, now + 5_000, 60_000, 1, 1);
    now = ask(estimate, now + 5_000, 60_000 + set, 5, 5);
    expect(Math.abs(estimate.timeAt(now) - now - 60_000 - set)).toBeLessThanOrEqual(5);
  },
);
