import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { unlessAborted } from '../../src/lib/unless-aborted.js';

/** Work that ends when it is told to. */
function given() {
  const aborting = new AbortController();
  const ends: { resolve: (given: string) => void; reject: (error: Error) => void }[] = [];
  const work = vi.fn(() => new Promise<string>((resolve, reject) => ends.push({ resolve, reject })));
  const late = vi.fn();
  return {
    abort: () => aborting.abort(new Error('stopped')),
    signal: aborting.signal,
    work,
    late,
    run: () => unlessAborted(aborting.signal, work, late),
    resolve: (value: string) => ends[0]?.resolve(value),
    reject: (error: Error) => ends[0]?.reject(error),
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('work that may be aborted', () => {
  it('returns what it returns, and nothing is late or left at the signal', async () => {
    const { run, resolve, late, signal, abort } = given();
    const result = run();
    resolve('done');
    expect(await result).toBe('done');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    abort();
    await settled();
    expect(late).not.toHaveBeenCalled();
  });

  it('needs no signal', async () => {
    expect(await unlessAborted(undefined, () => Promise.resolve('done'))).toBe('done');
  });

  it('is not begun when it was aborted before', async () => {
    const { run, abort, work } = given();
    abort();
    await expect(run()).rejects.toThrow('stopped');
    expect(work).not.toHaveBeenCalled();
  });

  it('that is aborted fails with the reason at once, and gives what it returns later to who closes it', async () => {
    const { run, abort, resolve, late } = given();
    const result = run();
    abort();
    await expect(result).rejects.toThrow('stopped');
    expect(late).not.toHaveBeenCalled();
    resolve('open');
    await settled();
    expect(late).toHaveBeenCalledExactlyOnceWith('open');
  });

  it('that fails after it was aborted says no more', async () => {
    const { run, abort, reject, late } = given();
    const result = run();
    abort();
    await expect(result).rejects.toThrow('stopped');
    reject(new Error('too late'));
    await settled();
    expect(late).not.toHaveBeenCalled();
  });

  it('that fails by itself throws its own error', async () => {
    const { run, reject, signal, late } = given();
    const result = run();
    reject(new Error('no'));
    await expect(result).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(late).not.toHaveBeenCalled();
  });
});
