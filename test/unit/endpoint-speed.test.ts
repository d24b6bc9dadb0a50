import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EndpointShares, slowShareOf } from '../../src/dispatch/endpoint-shares.js';
import { EndpointSpeed } from '../../src/dispatch/endpoint-speed.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const KEEP_MS = 600_000;
const newSpeed = () => new EndpointSpeed(() => Date.now());
const after =
  (ms: number, answer: 'good' | 'bad' = 'good') =>
  () =>
    new Promise<string>((resolve) => setTimeout(() => resolve(answer), ms));
const isGood = (answer: string) => answer === 'good';

async function answeredAfter(
  speed: EndpointSpeed,
  endpoint: string,
  ms: number,
  answer: 'good' | 'bad' = 'good',
) {
  const watched = speed.watch(endpoint, after(ms, answer), isGood);
  await vi.advanceTimersByTimeAsync(ms);
  await watched;
}

describe('the fast path', () => {
  it('is not for an endpoint that nothing is known of', () => {
    expect(newSpeed().of('a')).not.toBe('fast');
  });

  it('is earned by a fast answer, by that endpoint alone', async () => {
    const speed = newSpeed();
    await answeredAfter(speed, 'a', 499);
    expect([speed.of('a'), speed.of('b')]).toEqual(['fast', 'unknown']);
  });

  it('lasts ten minutes from the last fast answer', async () => {
    const speed = newSpeed();
    await answeredAfter(speed, 'a', 1);
    await vi.advanceTimersByTimeAsync(KEEP_MS - 2);
    expect(speed.of('a')).toBe('fast');
    await answeredAfter(speed, 'a', 1);
    await vi.advanceTimersByTimeAsync(KEEP_MS - 1);
    expect(speed.of('a')).toBe('fast');
    await vi.advanceTimersByTimeAsync(1);
    expect(speed.of('a')).not.toBe('fast');
  });

  it('is unknown until the first answer, and again a minute after a slow one', async () => {
    const speed = newSpeed();
    expect(speed.of('a')).toBe('unknown');
    await answeredAfter(speed, 'a', 600);
    expect(speed.of('a')).toBe('slow');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(speed.of('a')).toBe('unknown');
    await answeredAfter(speed, 'a', 1);
    expect(speed.of('a')).toBe('fast');
  });

  it('is not earned in 500 ms, nor by a failure', async () => {
    const speed = newSpeed();
    await answeredAfter(speed, 'a', 500);
    await answeredAfter(speed, 'b', 1, 'bad');
    expect([speed.of('a'), speed.of('b')]).toEqual(['slow', 'slow']);
  });

  it('is lost 500 ms into a POST, before that has come to an end', async () => {
    const speed = newSpeed();
    await answeredAfter(speed, 'a', 1);
    const slow = speed.watch('a', after(9_000), isGood);
    await vi.advanceTimersByTimeAsync(499);
    expect(speed.of('a')).toBe('fast');
    await vi.advanceTimersByTimeAsync(1);
    expect(speed.of('a')).not.toBe('fast');
    await vi.advanceTimersByTimeAsync(8_500);
    await slow;
    expect(speed.of('a')).not.toBe('fast');
  });

  it('is lost by a fast failure', async () => {
    const speed = newSpeed();
    await answeredAfter(speed, 'a', 1);
    await answeredAfter(speed, 'a', 1, 'bad');
    expect(speed.of('a')).not.toBe('fast');
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

  /** A speed that has learned that `a` is fast, and a POST to it that is answered when it is told to be. */
  async function postTo(endpoint: 'a' | 'b') {
    const speed = newSpeed();
    await answeredAfter(speed, 'a', 1);
    let answer: (how: 'good' | 'bad') => void = () => undefined;
    const post = () => new Promise<string>((resolve) => (answer = resolve));
    const watched = speed.watch(endpoint, post, isGood);
    return {
      speed,
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
    const { speed, isAnswered } = await postTo(endpoint);
    await takeTurns(4, 400);
    await isAnswered();
    expect(speed.of(endpoint)).toBe(standing);
  });

  it.each([
    [10, 100],
    [5, 400],
    [4, 2_500],
  ])('takes an endpoint for slow after %i turns of %i ms', async (turns, ms) => {
    const { speed, isAnswered } = await postTo('a');
    await takeTurns(turns - 1, ms);
    expect(speed.of('a')).toBe('fast');
    await takeTurns(1, ms);
    expect(speed.of('a')).toBe('slow');
    await isAnswered();
    expect(speed.of('a')).toBe('slow');
  });

  it('takes one that fails for slow, however late it reads that', async () => {
    const { speed, isAnswered } = await postTo('a');
    await takeTurns(2, 400);
    await isAnswered('bad');
    expect(speed.of('a')).toBe('slow');
  });
});

describe('a slow endpoint', () => {
  it('has a quarter of the attempts at most, until they are answered', async () => {
    const speed = newSpeed();
    const shares = new EndpointShares(speed, 8);
    const posts = [1, 2].map(() => shares.count('a', () => speed.watch('a', after(5_000), isGood)));
    // Whether it is slow is not known yet.
    expect(shares.isFull('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(600);
    expect([shares.isFull('a'), shares.isFull('b')]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(4_400);
    await Promise.all(posts);
    expect(shares.isFull('a')).toBe(false);
  });
});

describe('the attempts to an endpoint', () => {
  it('are counted until they end, whether they are answered or not', async () => {
    const shares = new EndpointShares({ of: () => 'slow' }, 8);
    const ends: ((error?: Error) => void)[] = [];
    const attempt = () =>
      shares.count(
        'a',
        () =>
          new Promise<string>((resolve, reject) =>
            ends.push((error) => (error ? reject(error) : resolve('done'))),
          ),
      );
    const all = [attempt(), attempt(), attempt()];
    expect(shares.isFull('a')).toBe(true);
    ends[0]?.();
    expect(await all[0]).toBe('done');
    expect(shares.isFull('a')).toBe(true);
    ends[1]?.(new Error('no'));
    await expect(all[1]).rejects.toThrow('no');
    expect(shares.isFull('a')).toBe(false);
    ends[2]?.();
    await all[2];
    expect(Reflect.get(shares, 'inFlight')).toHaveProperty('size', 0);
  });

  it.each([
    [1, 1],
    [4, 1],
    [5, 2],
    [100, 25],
  ])('of %i, a slow endpoint may have %i', (attempts, share) => {
    expect(slowShareOf(attempts)).toBe(share);
  });
});

describe('what is known of endpoints', () => {
  it('is of a hundred thousand at most: those that were learned of first are forgotten first', async () => {
    const speed = newSpeed();
    const answered = (id: string) => speed.watch(id, () => Promise.resolve('good'), isGood);
    await answered('first');
    await answered('second');
    await answered('first');
    for (let n = 2; n < 100_000; n += 1) await answered(`${n}`);
    expect([speed.of('second'), speed.of('first')]).toEqual(['fast', 'fast']);
    await answered('one more');
    expect([speed.of('second'), speed.of('first'), speed.of('one more')]).toEqual([
      'unknown',
      'fast',
      'fast',
    ]);
  });

  it('is forgotten when its time is up and something is learned of others', async () => {
    const speed = newSpeed();
    await answeredAfter(speed, 'a', 1);
    await vi.advanceTimersByTimeAsync(KEEP_MS);
    await answeredAfter(speed, 'b', 1);
    expect([...(Reflect.get(speed, 'known') as Map<string, unknown>).keys()]).toEqual(['b']);
  });
});

describe('a POST that throws', () => {
  it('throws the same, makes its endpoint no slower, and leaves no timer', async () => {
    const speed = newSpeed();
    const failing = speed.watch('b', () => Promise.reject(new Error('interrupted')), isGood);
    await expect(failing).rejects.toThrow('interrupted');
    expect(speed.of('b')).toBe('unknown');
    expect(vi.getTimerCount()).toBe(0);
  });
});
