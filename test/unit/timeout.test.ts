import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withTimeout } from '../../src/lib/timeout.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (milliseconds: number) =>
  new Promise<string>((resolve) => void setTimeout(resolve, milliseconds, 'done'));
const timeUp = () => new Error('the time is up');

describe('work with a timeout', () => {
  it('that ends in time returns what it returns, and leaves no timer', async () => {
    const limited = withTimeout(1_000, after(999), timeUp);
    await vi.advanceTimersByTimeAsync(999);
    expect(await limited).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that takes longer fails with what was asked for, when the time is up', async () => {
    const failures: unknown[] = [];
    withTimeout(1_000, after(5_000), timeUp).catch((error: unknown) => failures.push(error));
    await vi.advanceTimersByTimeAsync(999);
    expect(failures).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(failures).toEqual([timeUp()]);
  });

  it('that fails in time fails as it does, and leaves no timer', async () => {
    await expect(withTimeout(1_000, Promise.reject(new Error('no')), timeUp)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });
});
