import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../src/dispatch/endpoint-speed.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const KEEP_MS = 600_000;
const newPace = (slots = 4) => new Pace({ slots, attempts: 8, now: () => Date.now() });
/** Where an attempt would be made. */
const placeFor = (pace: Pace, endpoint: string) =>
  pace.standing(endpoint) === 'fast' && pace.hasRoom() ? 'local' : 'queued';
const after =
  (ms: number, answer: 'good' | 'bad' = 'good') =>
  () =>
    new Promise<string>((resolve) => setTimeout(() => resolve(answer), ms));
const isGood = (answer: string) => answer === 'good';

async function answeredAfter(pace: Pace, endpoint: string, ms: number, answer: 'good' | 'bad' = 'good') {
  const watched = pace.watch(endpoint, after(ms, answer), isGood);
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

  it('is unknown until the first answer, and again a minute after a slow one', async () => {
    const pace = newPace();
    expect(pace.standing('a')).toBe('unknown');
    await answeredAfter(pace, 'a', 600);
    expect(pace.standing('a')).toBe('slow');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pace.standing('a')).toBe('unknown');
    await answeredAfter(pace, 'a', 1);
    expect(pace.standing('a')).toBe('fast');
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
    const slow = pace.watch('a', after(9_000), isGood);
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

  it('is for nobody while half of the slots are held', async () => {
    const pace = newPace(4);
    await answeredAfter(pace, 'a', 1);
    await answeredAfter(pace, 'b', 1);
    const first = pace.holdSlot(after(100));
    expect(placeFor(pace, 'b')).toBe('local');
    const second = pace.holdSlot(after(200));
    expect(placeFor(pace, 'b')).toBe('queued');
    await vi.advanceTimersByTimeAsync(100);
    await first;
    expect(placeFor(pace, 'b')).toBe('local');
    await vi.advanceTimersByTimeAsync(100);
    await second;
  });
});

describe('a process that is busy itself', () => {
  /** Turns of its event loop, each of which takes so long. */
  async function takeTurns(count: number, ms: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) {
      vi.setSystemTime(Date.now() + ms - 50);
      await vi.advanceTimersByTimeAsync(50);
    }
  }

  /** A pace that has learned that `a` is fast, and a POST to it that is answered when it is told to be. */
  async function postTo(endpoint: 'a' | 'b') {
    const pace = newPace();
    await answeredAfter(pace, 'a', 1);
    let answer: (how: 'good' | 'bad') => void = () => undefined;
    const post = () => new Promise<string>((resolve) => (answer = resolve));
    const watched = pace.watch(endpoint, post, isGood);
    return {
      pace,
      isAnswered: async (how: 'good' | 'bad' = 'good') => {
        answer(how);
        await watched;
      },
    };
  }

  it.each([
    ['a', 'fast'],
    ['b', 'unknown'],
  ] as const)('learns nothing of %s from an answer that it reads late', async (endpoint, standing) => {
    const { pace, isAnswered } = await postTo(endpoint);
    await takeTurns(4, 400);
    await isAnswered();
    expect(pace.standing(endpoint)).toBe(standing);
  });

  it.each([
    [10, 100],
    [5, 400],
    [4, 2_500],
  ])('takes an endpoint for slow after %i turns of %i ms', async (turns, ms) => {
    const { pace, isAnswered } = await postTo('a');
    await takeTurns(turns - 1, ms);
    expect(pace.standing('a')).toBe('fast');
    await takeTurns(1, ms);
    expect(pace.standing('a')).toBe('slow');
    await isAnswered();
    expect(pace.standing('a')).toBe('slow');
  });

  it('takes one that fails for slow, however late it reads that', async () => {
    const { pace, isAnswered } = await postTo('a');
    await takeTurns(2, 400);
    await isAnswered('bad');
    expect(pace.standing('a')).toBe('slow');
  });
});

describe('a slow endpoint', () => {
  it('has a quarter of the attempts at most, until they are answered', async () => {
    const pace = newPace();
    const posts = [1, 2].map(() => pace.takeShare('a', () => pace.watch('a', after(5_000), isGood)));
    // Whether it is slow is not known yet.
    expect(pace.isCrowded('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(600);
    expect([pace.isCrowded('a'), pace.isCrowded('b')]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(4_400);
    await Promise.all(posts);
    expect(pace.isCrowded('a')).toBe(false);
  });
});

describe('a POST that throws', () => {
  it('throws the same, gives its slot back, and leaves no timer', async () => {
    const pace = newPace(2);
    await answeredAfter(pace, 'a', 1);
    const failing = pace.holdSlot(() =>
      pace.watch('b', () => Promise.reject(new Error('interrupted')), isGood),
    );
    await expect(failing).rejects.toThrow('interrupted');
    expect(placeFor(pace, 'a')).toBe('local');
    expect(vi.getTimerCount()).toBe(0);
  });
});
