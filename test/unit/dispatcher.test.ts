import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Dispatcher, type DispatcherOptions } from '../../src/activities/dispatch/dispatcher.js';
import type { DispatchedAttempt } from '../../src/activities/dispatch/sending.js';
import { Semaphore } from '../../src/lib/semaphore.js';
import { EndpointSpeed } from '../../src/dispatch/endpoint-speed.js';
import type { RunningWorkflows } from '../../src/temporal/client/running.js';
import type { AttemptResult } from '../../src/workflows/contract/delivery.js';

const delivered: AttemptResult = { kind: 'delivered', number: 1, statusCode: 200 };
const unavailable: AttemptResult = { kind: 'unavailable', next: 1, why: 'the worker had to stop' };
const now = Date.UTC(2026, 3, 16, 12);
const names = { workflowId: 'event/a/1', deliveryId: 'd1' };

const tellAttempted = vi.fn<RunningWorkflows['tellAttempted']>();
const log: string[] = [];
const logger = pino({ level: 'warn' }, { write: (line) => log.push(line) });
const interrupt = vi.fn<() => void>();
let dispatcher: Dispatcher;
const options: DispatcherOptions = {
  workflowTasks: 4,
  permits: new Semaphore(100),
  speed: { of: () => 'fast', patience: () => new EndpointSpeed(() => performance.now()).patience() },
  send: () => Promise.resolve(delivered),
  begin: (deliveryIds) => Promise.resolve(new Set(deliveryIds)),
  tell: (...told) => tellAttempted(...told),
  now: () => new Date(now),
  logger,
};
beforeEach(() => {
  tellAttempted.mockReset().mockResolvedValue('sent');
  interrupt.mockReset();
  log.length = 0;
  dispatcher = new Dispatcher(options);
});

afterEach(() => vi.useRealTimers());

const follow = (outcome: Promise<AttemptResult> | AttemptResult) => {
  const attempted = Promise.resolve(outcome).then((result) => ({ result, at: now }));
  dispatcher.follow({ ...names, attempted, interrupt });
};

describe('a first attempt that is under way', () => {
  it('is told to its workflow when its outcome is known, and when that was', async () => {
    follow(delivered);
    await dispatcher.settled();
    expect(tellAttempted.mock.calls).toEqual([['event/a/1', 'd1', { result: delivered, at: now }]]);
  });

  it('is told again when Temporal could not be reached', async () => {
    tellAttempted.mockRejectedValueOnce(new Error('away'));
    follow(delivered);
    await dispatcher.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(2);
  });

  it('is told again to a workflow that is about to begin, if the log does not know its outcome', async () => {
    tellAttempted.mockResolvedValueOnce('gone');
    follow(unavailable);
    await dispatcher.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(2);
  });

  it('is not told again when the log knows its outcome and there is no workflow', async () => {
    tellAttempted.mockResolvedValue('gone');
    follow(delivered);
    await dispatcher.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(1);
  });

  it('leaves a warning when its workflow could not be told for a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    tellAttempted.mockImplementation(() => {
      vi.advanceTimersByTime(61_000);
      return Promise.reject(new Error('away'));
    });
    follow(delivered);
    await dispatcher.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(1);
    expect(log).toEqual([expect.stringContaining('could not be told of its first attempt')]);
  });
});

it('has room for a thousand at the same time', async () => {
  let answer: (result: AttemptResult) => void = () => undefined;
  const answered = new Promise<AttemptResult>((resolve) => (answer = resolve));
  for (let n = 0; n < 999; n += 1) follow(answered);
  expect(dispatcher.hasRoom()).toBe(true);
  follow(answered);
  expect(dispatcher.hasRoom()).toBe(false);
  answer(delivered);
  await dispatcher.settled();
  expect(dispatcher.hasRoom()).toBe(true);
});

describe('when the process ends', () => {
  it('what has its answer in time is not broken off', async () => {
    let answer: (result: AttemptResult) => void = () => undefined;
    follow(new Promise((resolve) => (answer = resolve)));
    dispatcher.endIn(60_000);
    const settled = dispatcher.settled();
    answer(delivered);
    await settled;
    expect(tellAttempted).toHaveBeenCalledTimes(1);
    expect(interrupt).not.toHaveBeenCalled();
  });

  it('what has none is broken off, and its workflow told so', async () => {
    follow(new Promise((resolve) => interrupt.mockImplementation(() => resolve(unavailable))));
    dispatcher.endIn(10);
    await dispatcher.settled();
    expect(tellAttempted).toHaveBeenCalledWith('event/a/1', 'd1', { result: unavailable, at: now });
  });

  it('one that is followed after the grace is broken off at once', () => {
    // The grace is over.
    dispatcher.endIn(-1);
    follow(new Promise(() => undefined));
    expect(interrupt).toHaveBeenCalledTimes(1);
  });
});

describe('a dispatch', () => {
  const attempt = (deliveryId: string, isBegun = true) =>
    ({
      workflowId: 'event/a/1',
      attempt: { deliveryId, endpointId: 'e' },
      routesVersion: 'v',
      isBegun,
    }) as DispatchedAttempt;
  const stops = () => new AbortController().signal;

  it('says what was answered, what is in flight and what is left to the queue', async () => {
    const sent: string[] = [];
    const dispatcherOf = new Dispatcher({
      ...options,
      send: ({ deliveryId }) => {
        sent.push(deliveryId);
        return deliveryId === 'slow' ? new Promise(() => undefined) : Promise.resolve(delivered);
      },
      begin: () => Promise.resolve(new Set(['late'])),
    });
    const outcomes = await dispatcherOf.dispatch(
      [attempt('soon'), attempt('slow'), attempt('late', false), attempt('gone', false)],
      stops(),
    );
    expect([...outcomes]).toEqual([
      ['soon', { kind: 'answered', step: delivered }],
      ['slow', { kind: 'in_flight' }],
      ['late', { kind: 'answered', step: delivered }],
      ['gone', { kind: 'queued' }],
    ]);
    expect(sent).toEqual(['soon', 'slow', 'late']);
  });

  it('leaves to the queue what could not be begun', async () => {
    const failing = new Dispatcher({ ...options, begin: () => Promise.reject(new Error('no log')) });
    const outcomes = await failing.dispatch([attempt('one'), attempt('two', false)], stops());
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['answered', 'queued']);
  });

  it('begins nothing more for an endpoint that is not fast any more', async () => {
    const slow = new Dispatcher({ ...options, speed: { ...options.speed, of: () => 'slow' } });
    const outcomes = await slow.dispatch([attempt('one'), attempt('two', false)], stops());
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['answered', 'queued']);
  });
});

it('has room while recordings hold less than half of the workflow tasks', async () => {
  let finish: () => void = () => undefined;
  const work = () => new Promise<void>((resolve) => (finish = resolve));
  const stops = new AbortController().signal;
  const first = dispatcher.withPermits(1, stops, work);
  const end = finish;
  expect(dispatcher.hasRoom()).toBe(true);
  const second = dispatcher.withPermits(1, stops, work);
  expect(dispatcher.hasRoom()).toBe(false);
  end();
  await first;
  expect(dispatcher.hasRoom()).toBe(true);
  finish();
  await second;
});
