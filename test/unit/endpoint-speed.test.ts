import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EndpointSpeed } from '../../src/dispatch/endpoint-speed.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const KEEP_MS = 600_000;
const newPace = (slots = 4) => new EndpointSpeed({ slots, attempts: 8, now: () => Date.now() });
/** Where an attempt would be made. */
const placeFor = (endpointSpeed: EndpointSpeed, endpoint: string) =>
  endpointSpeed.standing(endpoint) === 'fast' && endpointSpeed.hasRoom() ? 'local' : 'queued';
const after =
  (ms: number, answer: 'good' | 'bad' = 'good') =>
  () =>
    new Promise<string>((resolve) => setTimeout(() => resolve(answer), ms));
const isGood = (answer: string) => answer === 'good';

async function answeredAfter(
  endpointSpeed: EndpointSpeed,
  endpoint: string,
  ms: number,
  answer: 'good' | 'bad' = 'good',
) {
  const watched = endpointSpeed.watch(endpoint, after(ms, answer), isGood);
  await vi.advanceTimersByTimeAsync(ms);
  await watched;
}

describe('the local path', () => {
  it('is not for an endpoint that nothing is known of', () => {
    expect(placeFor(newPace(), 'a')).toBe('queued');
  });

  it('is earned by a fast answer, by that endpoint alone', async () => {
    const endpointSpeed = newPace();
    await answeredAfter(endpointSpeed, 'a', 499);
    expect([placeFor(endpointSpeed, 'a'), placeFor(endpointSpeed, 'b')]).toEqual(['local', 'queued']);
  });

  it('lasts ten minutes from the last fast answer', async () => {
    const endpointSpeed = newPace();
    await answeredAfter(endpointSpeed, 'a', 1);
    await vi.advanceTimersByTimeAsync(KEEP_MS - 2);
    expect(placeFor(endpointSpeed, 'a')).toBe('local');
    await answeredAfter(endpointSpeed, 'a', 1);
    await vi.advanceTimersByTimeAsync(KEEP_MS - 1);
    expect(placeFor(endpointSpeed, 'a')).toBe('local');
    await vi.advanceTimersByTimeAsync(1);
    expect(placeFor(endpointSpeed, 'a')).toBe('queued');
  });

  it('is unknown until the first answer, and again a minute after a slow one', async () => {
    const endpointSpeed = newPace();
    expect(endpointSpeed.standing('a')).toBe('unknown');
    await answeredAfter(endpointSpeed, 'a', 600);
    expect(endpointSpeed.standing('a')).toBe('slow');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(endpointSpeed.standing('a')).toBe('unknown');
    await answeredAfter(endpointSpeed, 'a', 1);
    expect(endpointSpeed.standing('a')).toBe('fast');
  });

  it('is not earned in 500 ms, nor by a failure', async () => {
    const endpointSpeed = newPace();
    await answeredAfter(endpointSpeed, 'a', 500);
    await answeredAfter(endpointSpeed, 'b', 1, 'bad');
    expect([placeFor(endpointSpeed, 'a'), placeFor(endpointSpeed, 'b')]).toEqual(['queued', 'queued']);
  });

  it('is lost 500 ms into a POST, before that has come to an end', async () => {
    const endpointSpeed = newPace();
    await answeredAfter(endpointSpeed, 'a', 1);
    const slow = endpointSpeed.watch('a', after(9_000), isGood);
    await vi.advanceTimersByTimeAsync(499);
    expect(placeFor(endpointSpeed, 'a')).toBe('local');
    await vi.advanceTimersByTimeAsync(1);
    expect(placeFor(endpointSpeed, 'a')).toBe('queued');
    await vi.advanceTimersByTimeAsync(8_500);
    await slow;
    expect(placeFor(endpointSpeed, 'a')).toBe('queued');
  });

  it('is lost by a fast failure', async () => {
    const endpointSpeed = newPace();
    await answeredAfter(endpointSpeed, 'a', 1);
    await answeredAfter(endpointSpeed, 'a', 1, 'bad');
    expect(placeFor(endpointSpeed, 'a')).toBe('queued');
  });

  it('is for nobody while half of the slots are held', async () => {
    const endpointSpeed = newPace(4);
    await answeredAfter(endpointSpeed, 'a', 1);
    await answeredAfter(endpointSpeed, 'b', 1);
    const first = endpointSpeed.holdSlot(after(100));
    expect(placeFor(endpointSpeed, 'b')).toBe('local');
    const second = endpointSpeed.holdSlot(after(200));
    expect(placeFor(endpointSpeed, 'b')).toBe('queued');
    await vi.advanceTimersByTimeAsync(100);
    await first;
    expect(placeFor(endpointSpeed, 'b')).toBe('local');
    await vi.advanceTimersByTimeAsync(100);
    await second;
  });
});

describe('a process that is busy itself', () => {
  /** Semaphore of its event loop, each of which takes so long. */
  async function takeTurns(count: number, ms: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) {
      vi.setSystemTime(Date.now() + ms - 50);
      await vi.advanceTimersByTimeAsync(50);
    }
  }

  /** A endpointSpeed that has learned that `a` is fast, and a POST to it that is answered when it is told to be. */
  async function postTo(endpoint: 'a' | 'b') {
    const endpointSpeed = newPace();
    await answeredAfter(endpointSpeed, 'a', 1);
    let answer: (how: 'good' | 'bad') => void = () => undefined;
    const post = () => new Promise<string>((resolve) => (answer = resolve));
    const watched = endpointSpeed.watch(endpoint, post, isGood);
    return {
      endpointSpeed,
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
    const { endpointSpeed, isAnswered } = await postTo(endpoint);
    await takeTurns(4, 400);
    await isAnswered();
    expect(endpointSpeed.standing(endpoint)).toBe(standing);
  });

  it.each([
    [10, 100],
    [5, 400],
    [4, 2_500],
  ])('takes an endpoint for slow after %i turns of %i ms', async (turns, ms) => {
    const { endpointSpeed, isAnswered } = await postTo('a');
    await takeTurns(turns - 1, ms);
    expect(endpointSpeed.standing('a')).toBe('fast');
    await takeTurns(1, ms);
    expect(endpointSpeed.standing('a')).toBe('slow');
    await isAnswered();
    expect(endpointSpeed.standing('a')).toBe('slow');
  });

  it('takes one that fails for slow, however late it reads that', async () => {
    const { endpointSpeed, isAnswered } = await postTo('a');
    await takeTurns(2, 400);
    await isAnswered('bad');
    expect(endpointSpeed.standing('a')).toBe('slow');
  });
});

describe('a slow endpoint', () => {
  it('has a quarter of the attempts at most, until they are answered', async () => {
    const endpointSpeed = newPace();
    const posts = [1, 2].map(() =>
      endpointSpeed.takeShare('a', () => endpointSpeed.watch('a', after(5_000), isGood)),
    );
    // Whether it is slow is not known yet.
    expect(endpointSpeed.isCrowded('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(600);
    expect([endpointSpeed.isCrowded('a'), endpointSpeed.isCrowded('b')]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(4_400);
    await Promise.all(posts);
    expect(endpointSpeed.isCrowded('a')).toBe(false);
  });
});

describe('a POST that throws', () => {
  it('throws the same, gives its slot back, and leaves no timer', async () => {
    const endpointSpeed = newPace(2);
    await answeredAfter(endpointSpeed, 'a', 1);
    const failing = endpointSpeed.holdSlot(() =>
      endpointSpeed.watch('b', () => Promise.reject(new Error('interrupted')), isGood),
    );
    await expect(failing).rejects.toThrow('interrupted');
    expect(placeFor(endpointSpeed, 'a')).toBe('local');
    expect(vi.getTimerCount()).toBe(0);
  });
});
