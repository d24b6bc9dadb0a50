import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pulse, Silent } from '../../src/lib/pulse.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that answers what it is asked while it `lives`. */
function given() {
  const server = { lives: true, asked: 0 };
  const silences: string[] = [];
  const pulse = new Pulse({
    name: 'The server',
    ask: () => {
      server.asked += 1;
      return server.lives ? Promise.resolve() : Promise.reject(new Error('no answer in time'));
    },
    isAnswer: (error) => error instanceof RangeError,
    onSilent: () => silences.push('silent'),
  });
  return { server, pulse, silences };
}

const forEver = () => new Promise<never>(() => undefined);
const after = <T>(milliseconds: number, value: T) =>
  new Promise<T>((resolve) => void setTimeout(resolve, milliseconds, value));

describe('a server that is waited for', () => {
  it('is not asked anything while it answers soon', async () => {
    const { pulse, server } = given();
    const answer = pulse.watch(() => after(400, 'done'));
    await vi.advanceTimersByTimeAsync(400);
    expect(await answer).toBe('done');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked).toBe(0);
  });

  it('may be as slow as it likes while it answers a small question', async () => {
    const { pulse, server, silences } = given();
    const answer = pulse.watch(() => after(60_000, 'done'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answer).toBe('done');
    expect(server.asked).toBeGreaterThan(10);
    expect(silences).toEqual([]);
  });

  it('and answers nothing at all, fails everything that waits after a second and a half', async () => {
    const { pulse, server, silences } = given();
    server.lives = false;
    const failures: unknown[] = [];
    for (const _one of [1, 2]) pulse.watch(forEver).catch((error: unknown) => failures.push(error));
    await vi.advanceTimersByTimeAsync(1_400);
    expect(failures).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(failures).toEqual([expect.any(Silent), expect.any(Silent)]);
    expect(String(failures[0])).toContain('The server does not answer');
    expect(silences).toEqual(['silent']);
  });

  it('fails what comes later at once, until it answers again', async () => {
    const { pulse, server, silences } = given();
    server.lives = false;
    pulse.watch(forEver).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(5_000);
    const work = vi.fn(() => Promise.resolve('done'));
    await expect(pulse.watch(work)).rejects.toThrow(Silent);
    expect(work).not.toHaveBeenCalled();

    server.lives = true;
    await vi.advanceTimersByTimeAsync(250);
    expect(await pulse.watch(work)).toBe('done');
    expect(silences).toEqual(['silent']);
  });

  it('lives when it answers another, or refuses', async () => {
    const { pulse, server } = given();
    server.lives = false;
    const first = pulse.watch(forEver);
    first.catch(() => undefined);
    for (const answer of [() => Promise.resolve(), () => Promise.reject(new RangeError('refused'))]) {
      await vi.advanceTimersByTimeAsync(1_250);
      await pulse.watch(answer).catch(() => undefined);
    }
    await vi.advanceTimersByTimeAsync(1_250);
    expect(pulse.isSilent).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    await expect(first).rejects.toThrow(Silent);
  });

  it('is asked after half a second, one question at a time', async () => {
    const { pulse, server } = given();
    const ends: (() => void)[] = [];
    const asking = new Pulse({
      name: 'The server',
      ask: () => new Promise<void>((resolve) => ends.push(resolve)),
      isAnswer: () => false,
    });
    for (const each of [pulse, asking]) each.watch(forEver).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(499);
    expect([server.asked, ends.length]).toEqual([0, 0]);
    await vi.advanceTimersByTimeAsync(1);
    expect([server.asked, ends.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(500);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(500);
    expect(ends).toHaveLength(2);
  });

  it('lives when it refuses the question, and counts anew from its answer', async () => {
    const refusing = new Pulse({
      name: 'The server',
      ask: () => Promise.reject(new RangeError('refused')),
      isAnswer: (error) => error instanceof RangeError,
    });
    refusing.watch(forEver).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refusing.isSilent).toBe(false);
  });

  it('may hang without anybody who wants to be told', async () => {
    const pulse = new Pulse({ name: 'The server', ask: forEver, isAnswer: () => false });
    const waiting = expect(pulse.watch(forEver)).rejects.toThrow(Silent);
    await vi.advanceTimersByTimeAsync(1_500);
    await waiting;
  });

  it('is not watched when nobody waits any more', async () => {
    const { pulse } = given();
    const answer = pulse.watch(() => after(400, 'done'));
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(await answer).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
    const again = pulse.watch(() => after(300, 'again'));
    await vi.advanceTimersByTimeAsync(300);
    expect(await again).toBe('again');
  });

  it('is not watched after the end', async () => {
    const { pulse, server } = given();
    server.lives = false;
    pulse.watch(forEver).catch(() => undefined);
    pulse.close();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([server.asked, pulse.isSilent]).toEqual([0, false]);
    pulse.watch(forEver).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.asked).toBe(1);
  });

  it('fails nobody who has gone when it hangs', async () => {
    const { pulse, server } = given();
    server.lives = false;
    const failing = pulse.watch(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    const waiting = pulse.watch(forEver);
    waiting.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1_500);
    await expect(waiting).rejects.toMatchObject({ name: 'Silent', message: 'The server does not answer' });
    expect(Reflect.get(pulse, 'onSilence')).toHaveProperty('size', 0);
  });

  it('is not taken to hang by a process that was stopped itself', async () => {
    const { pulse, server } = given();
    server.lives = false;
    const answer = pulse.watch(forEver);
    answer.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(250);
    vi.setSystemTime(Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(250);
    expect(pulse.isSilent).toBe(false);
  });
});
