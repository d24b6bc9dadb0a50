import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../src/delivery/pace.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const KEEP_MS = 600_000;
const newPace = (slots = 4, ready = () => 0) => new Pace({ slots, ready, now: () => Date.now() });
/** Where an attempt would be made, without keeping the place. */
function placeFor(pace: Pace, endpoint: string) {
  const place = pace.reserve(endpoint);
  if (place === 'local') pace.settle(1);
  return place;
}
const after =
  (ms: number, answer: 'good' | 'bad' = 'good') =>
  () =>
    new Promise<string>((resolve) => setTimeout(() => resolve(answer), ms));
const isGood = (answer: string) => answer === 'good';

async function answeredAfter(pace: Pace, endpoint: string, ms: number, answer: 'good' | 'bad' = 'good') {
  const watched = pace.watch(endpoint, false, after(ms, answer), isGood);
  await vi.advanceTimersByTimeAsync(ms);
  await watched;
}

describe('the local path', () => {
  it('is not for an endpoint that nothing is known of', () => {
    expect(placeFor(newPace(), 'a')).toBe('queued');
  });

  it('is earned by a fast answer, by that endpoint alone', async () => {
    const pace = newPace();
    await answeredAfter(pace, 'a', 499);
    expect([placeFor(pace, 'a'), placeFor(pace, 'b')]).toEqual(['local', 'queued']);
  });

  it('lasts ten minutes from the last fast answer', async () => {
    const pace = newPace();
    await answeredAfter(pace, 'a', 1);
    await vi.advanceTimersByTimeAsync(KEEP_MS - 2);
    expect(placeFor(pace, 'a')).toBe('local');
    await answeredAfter(pace, 'a', 1);
    await vi.advanceTimersByTimeAsync(KEEP_MS - 1);
    expect(placeFor(pace, 'a')).toBe('local');
    await vi.advanceTimersByTimeAsync(1);
    expect(placeFor(pace, 'a')).toBe('queued');
  });

  it('is not earned in 500 ms, nor by a failure', async () => {
    const pace = newPace();
    await answeredAfter(pace, 'a', 500);
    await answeredAfter(pace, 'b', 1, 'bad');
    expect([placeFor(pace, 'a'), placeFor(pace, 'b')]).toEqual(['queued', 'queued']);
  });

  it('is lost 500 ms into a POST, before that has come to an end', async () => {
    const pace = newPace();
    await answeredAfter(pace, 'a', 1);
    const slow = pace.watch('a', true, after(9_000), isGood);
    await vi.advanceTimersByTimeAsync(499);
    expect(placeFor(pace, 'a')).toBe('local');
    await vi.advanceTimersByTimeAsync(1);
    expect(placeFor(pace, 'a')).toBe('queued');
    await vi.advanceTimersByTimeAsync(8_500);
    await slow;
    expect(placeFor(pace, 'a')).toBe('queued');
  });

  it('is lost by a fast failure', async () => {
    const pace = newPace();
    await answeredAfter(pace, 'a', 1);
    await answeredAfter(pace, 'a', 1, 'bad');
    expect(placeFor(pace, 'a')).toBe('queued');
  });

  it('is for nobody while local attempts hold half of the slots', async () => {
    const pace = newPace(4);
    await answeredAfter(pace, 'a', 1);
    await answeredAfter(pace, 'b', 1);
    const first = pace.watch('a', true, after(100), isGood);
    expect(placeFor(pace, 'b')).toBe('local');
    const second = pace.watch('a', true, after(200), isGood);
    expect(placeFor(pace, 'b')).toBe('queued');
    await vi.advanceTimersByTimeAsync(100);
    await first;
    expect(placeFor(pace, 'b')).toBe('local');
    await vi.advanceTimersByTimeAsync(100);
    await second;
  });

  it('is for nobody while half of the slots are reserved, or prepared for attempts that have not begun', async () => {
    let ready = 0;
    const pace = newPace(4, () => ready);
    await answeredAfter(pace, 'a', 1);
    expect([pace.reserve('a'), pace.reserve('a'), pace.reserve('a')]).toEqual(['local', 'local', 'queued']);
    pace.settle(2);
    ready = 2;
    expect(placeFor(pace, 'a')).toBe('queued');
    ready = 1;
    expect(placeFor(pace, 'a')).toBe('local');
  });

  it('is not held by attempts that were queued', async () => {
    const pace = newPace(2);
    await answeredAfter(pace, 'a', 1);
    const queued = [1, 2, 3].map(() => pace.watch('b', false, after(100), isGood));
    expect(placeFor(pace, 'a')).toBe('local');
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(queued);
  });
});

describe('a POST that throws', () => {
  it('throws the same, gives its slot back, and leaves no timer', async () => {
    const pace = newPace(2);
    await answeredAfter(pace, 'a', 1);
    const failing = pace.watch('b', true, () => Promise.reject(new Error('interrupted')), isGood);
    await expect(failing).rejects.toThrow('interrupted');
    expect(placeFor(pace, 'a')).toBe('local');
    expect(vi.getTimerCount()).toBe(0);
  });
});
