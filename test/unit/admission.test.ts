import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Admission,
  admitted,
  ADMISSION_PATIENCE_MS,
  LONGEST_PLACE_MS,
  MOST_ADMITTED,
} from '../../src/temporal/admission.js';
import type { EventWorkflows } from '../../src/temporal/client/event-workflows.js';
import type { StartedEvent } from '../../src/temporal/client/starts.js';
import { appOf, eventInput } from '../support/fixtures.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('events whose workflow waits for its recording', () => {
  /** Takes all places, and says who has come in since. */
  async function full() {
    const admission = new Admission();
    const places = await Promise.all(Array.from({ length: MOST_ADMITTED }, () => admission.enter('a')));
    const entered: string[] = [];
    const enter = async (appId: string, name: string) => {
      const place = await admission.enter(appId);
      entered.push(name);
      return place;
    };
    return { places, entered, enter };
  }

  it('wait for the places of those before them, in turn for every application', async () => {
    const { places, entered, enter } = await full();
    const waiting = [enter('a', 'a1'), enter('a', 'a2'), enter('b', 'b1')];
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toEqual([]);
    for (const place of places.slice(0, 3)) place.release();
    await Promise.all(waiting);
    expect(entered).toEqual(['a1', 'b1', 'a2']);
  });

  it('are as many as there are places, also when one is given back twice', async () => {
    const { places, entered, enter } = await full();
    const waiting = [enter('a', 'a1'), enter('a', 'a2')];
    places[0]?.release();
    places[0]?.release();
    await vi.advanceTimersByTimeAsync(10);
    expect(entered).toEqual(['a1']);
    (await waiting[0])?.release();
    await Promise.all(waiting);
  });

  it('are started all the same when they have waited for a second, and then hold no place', async () => {
    const { places, entered, enter } = await full();
    const late = enter('a', 'late');
    await vi.advanceTimersByTimeAsync(ADMISSION_PATIENCE_MS - 1);
    expect(entered).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    void enter('b', 'next');
    (await late).release();
    await vi.advanceTimersByTimeAsync(10);
    expect(entered).toEqual(['late']);
    places[7]?.release();
    await vi.advanceTimersByTimeAsync(10);
    expect(entered).toEqual(['late', 'next']);
  });

  it('give their places back after ten seconds, because PostgreSQL may hang', async () => {
    const { entered, enter } = await full();
    await vi.advanceTimersByTimeAsync(LONGEST_PLACE_MS - 500);
    const next = enter('a', 'next');
    await vi.advanceTimersByTimeAsync(500);
    await next;
    expect(entered).toEqual(['next']);
  });

  it('leave no timer behind, whichever way they went', async () => {
    const { places, enter } = await full();
    const waited = enter('a', 'waited');
    places[0]?.release();
    const place = await waited;
    for (const each of places) each.release();
    place.release();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an event that the API starts', () => {
  const event = eventInput(appOf('standard'));

  /** As many events as there are places, and one more: whether that was started. */
  async function startedBeyond(started: StartedEvent, record: () => Promise<unknown>): Promise<boolean> {
    const startEvent = vi.fn(() => Promise.resolve(started));
    const workflows = admitted({ startEvent } as unknown as EventWorkflows, new Admission(), record);
    for (let n = 0; n < MOST_ADMITTED; n += 1) await workflows.startEvent(event);
    void workflows.startEvent(event);
    await vi.advanceTimersByTimeAsync(10);
    return startEvent.mock.calls.length > MOST_ADMITTED;
  }

  it.each<[string, StartedEvent, () => Promise<unknown>, boolean]>([
    [
      'until its workflow has the recording',
      { kind: 'here', runId: 'run' },
      () => new Promise(() => undefined),
      false,
    ],
    ['no longer than that', { kind: 'here', runId: 'run' }, () => Promise.resolve(), true],
    ['not when that fails', { kind: 'here', runId: 'run' }, () => Promise.reject(new Error('no')), true],
    [
      'not when another process has its first task',
      { kind: 'elsewhere' },
      () => new Promise(() => undefined),
      true,
    ],
    ['not when it was accepted before', { kind: 'exists' }, () => new Promise(() => undefined), true],
  ])('has its place %s', async (_how, started, record, isStarted) => {
    expect(await startedBeyond(started, record)).toBe(isStarted);
  });

  it('that is not started gives its place back, and says why', async () => {
    const startEvent = vi.fn(() => Promise.reject(new Error('Temporal is away')));
    const record = vi.fn(() => Promise.resolve());
    const workflows = admitted({ startEvent } as unknown as EventWorkflows, new Admission(), record);
    for (let n = 0; n <= MOST_ADMITTED; n += 1) {
      await expect(workflows.startEvent(event)).rejects.toThrow('Temporal is away');
    }
    expect(record).not.toHaveBeenCalled();
  });

  it('is recorded by its first run, and what else workflows do stays as it is', async () => {
    const startEvent = vi.fn(() => Promise.resolve({ kind: 'here', runId: 'run' } as const));
    const record = vi.fn(() => Promise.resolve());
    const other = vi.fn();
    const inner = { startEvent, other } as unknown as EventWorkflows;
    const workflows = admitted(inner, new Admission(), record);
    expect(await workflows.startEvent(event)).toEqual({ kind: 'here', runId: 'run' });
    expect(record).toHaveBeenCalledExactlyOnceWith(event, 'run');
    expect(workflows).toHaveProperty('other', other);
  });
});
