import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ResponsiveClock, type ResponsivePatience } from '../../src/lib/responsive-clock.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A clock that looks every 50 ms, as far as its process gets to it; time passes as is told. */
function given() {
  let now = 0;
  const clock = new ResponsiveClock({ ms: 500, looks: 10, fewestLooks: 4, longestMs: 2_000 }, () => now);
  const looks = async (count: number, ms: number) => {
    for (let look = 0; look < count; look += 1) {
      now += ms;
      await vi.advanceTimersByTimeAsync(50);
    }
  };
  const isOver = async (patience: ResponsivePatience) => {
    const over = patience.over.then(() => true);
    return Promise.race([over, Promise.resolve().then(() => false)]);
  };
  return { clock, looks, isOver, pass: (ms: number) => (now += ms) };
}

describe('a wait', () => {
  it.each([
    ['its time and ten looks', 10, 50],
    ['ten looks that came fast, and its time', 13, 40],
    ['its time, which passed fast, and ten looks', 10, 199],
    ['four looks, when it has taken two seconds', 4, 500],
    ['two seconds, when four looks are done', 6, 350],
  ])('is over after %s', async (_when, count, ms) => {
    const { clock, looks, isOver } = given();
    const patience = clock.begin();
    await looks(count - 1, ms);
    expect(await isOver(patience)).toBe(false);
    expect(patience.verdict()).not.toBe('late');
    await looks(1, ms);
    expect(await isOver(patience)).toBe(true);
    expect(patience.verdict()).toBe('late');
  });

  it('takes an answer as in time until its time has passed, and then does not know until it is over', () => {
    const { clock, pass } = given();
    const patience = clock.begin();
    expect(patience.verdict()).toBe('in_time');
    pass(499);
    expect(patience.verdict()).toBe('in_time');
    pass(1);
    expect(patience.verdict()).toBe('unknown');
    patience.cancel();
  });

  it('that is cancelled is never over, and the others go on', async () => {
    const { clock, looks, isOver } = given();
    const [cancelled, other] = [clock.begin(), clock.begin()];
    expect(vi.getTimerCount()).toBe(1);
    await looks(5, 50);
    cancelled.cancel();
    cancelled.cancel();
    await looks(5, 50);
    expect([await isOver(cancelled), await isOver(other)]).toEqual([false, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts from its own beginning, after others too', async () => {
    const { clock, looks, isOver } = given();
    const first = clock.begin();
    await looks(5, 50);
    const second = clock.begin();
    await looks(5, 50);
    expect([await isOver(first), await isOver(second)]).toEqual([true, false]);
    await looks(5, 50);
    expect(await isOver(second)).toBe(true);
    const third = clock.begin();
    await looks(10, 50);
    expect(await isOver(third)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
