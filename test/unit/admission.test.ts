import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission } from '../../src/temporal/admission.js';

const MOST = 25;

describe('events that are started and not opened yet', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Fills all places, and says who has come in since. */
  async function full() {
    const admission = new Admission();
    for (let n = 0; n < MOST; n += 1) await admission.enter('a', `event/a/${n}`);
    const entered: string[] = [];
    const enter = (appId: string, workflowId: string) =>
      admission.enter(appId, workflowId).then(() => void entered.push(workflowId));
    return { admission, entered, enter };
  }

  it('wait for the places of those before them, in turn for every application', async () => {
    const { admission, entered, enter } = await full();
    const waiting = [enter('a', 'a1'), enter('a', 'a2'), enter('b', 'b1')];
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toEqual([]);
    for (const n of [0, 1, 2]) admission.leave(`event/a/${n}`);
    await Promise.all(waiting);
    expect(entered).toEqual(['a1', 'b1', 'a2']);
  });

  it('are as many as there are places, whoever leaves twice or was not there', async () => {
    const { admission, entered, enter } = await full();
    const waiting = [enter('a', 'a1'), enter('a', 'a2')];
    admission.leave('nobody');
    admission.leave('event/a/0');
    admission.leave('event/a/0');
    await vi.advanceTimersByTimeAsync(10);
    expect(entered).toEqual(['a1']);
    admission.leave('a1');
    await Promise.all(waiting);
  });

  it('are started all the same when they have waited for a second, and then hold no place', async () => {
    const { admission, entered, enter } = await full();
    const late = enter('a', 'late');
    await vi.advanceTimersByTimeAsync(999);
    expect(entered).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await late;
    void enter('b', 'next');
    admission.leave('late');
    await vi.advanceTimersByTimeAsync(10);
    expect(entered).toEqual(['late']);
    admission.leave('event/a/7');
    await vi.advanceTimersByTimeAsync(10);
    expect(entered).toEqual(['late', 'next']);
  });

  it('give their places back when nothing is heard of them', async () => {
    const { entered, enter } = await full();
    await vi.advanceTimersByTimeAsync(9_500);
    const next = enter('a', 'next');
    await vi.advanceTimersByTimeAsync(500);
    await next;
    expect(entered).toEqual(['next']);
    await Promise.all(Array.from({ length: MOST - 1 }, (_, n) => enter('a', `more/${n}`)));
  });

  it('do not wait for a second place with their repetition', async () => {
    const { admission, entered, enter } = await full();
    const waiting = [enter('a', 'event/a/1'), enter('a', 'other')];
    admission.leave('event/a/2');
    await Promise.all(waiting);
    expect(entered).toEqual(['event/a/1', 'other']);
  });
});
