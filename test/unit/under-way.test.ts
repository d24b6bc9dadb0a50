import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnderWay } from '../../src/activities/dispatch/under-way.js';
import type { RunningWorkflows } from '../../src/temporal/client/running.js';
import type { AttemptResult } from '../../src/workflows/contract.js';

const delivered: AttemptResult = { kind: 'delivered', number: 1, statusCode: 200 };
const unavailable: AttemptResult = { kind: 'unavailable', next: 1, why: 'the worker had to stop' };
const now = Date.UTC(2026, 3, 16, 12);
const names = { workflowId: 'event/a/1', deliveryId: 'd1' };

const tellAttempted = vi.fn<RunningWorkflows['tellAttempted']>();
const log: string[] = [];
const logger = pino({ level: 'warn' }, { write: (line) => log.push(line) });
const interrupt = vi.fn<() => void>();
let underWay: UnderWay;
beforeEach(() => {
  tellAttempted.mockReset().mockResolvedValue('sent');
  interrupt.mockReset();
  log.length = 0;
  underWay = new UnderWay({ workflows: { tellAttempted }, logger });
});

afterEach(() => vi.useRealTimers());

const follow = (outcome: Promise<AttemptResult> | AttemptResult) => {
  const attempted = Promise.resolve(outcome).then((result) => ({ result, at: now }));
  underWay.follow({ ...names, attempted, interrupt });
};

describe('a first attempt that is under way', () => {
  it('is told to its workflow when its outcome is known, and when that was', async () => {
    follow(delivered);
    await underWay.settled();
    expect(tellAttempted.mock.calls).toEqual([['event/a/1', 'd1', { result: delivered, at: now }]]);
  });

  it('is told again when Temporal could not be reached', async () => {
    tellAttempted.mockRejectedValueOnce(new Error('away'));
    follow(delivered);
    await underWay.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(2);
  });

  it('is told again to a workflow that is about to begin, if the log does not know its outcome', async () => {
    tellAttempted.mockResolvedValueOnce('gone');
    follow(unavailable);
    await underWay.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(2);
  });

  it('is not told again when the log knows its outcome and there is no workflow', async () => {
    tellAttempted.mockResolvedValue('gone');
    follow(delivered);
    await underWay.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(1);
  });

  it('leaves a warning when its workflow could not be told for a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    tellAttempted.mockImplementation(() => {
      vi.advanceTimersByTime(61_000);
      return Promise.reject(new Error('away'));
    });
    follow(delivered);
    await underWay.settled();
    expect(tellAttempted).toHaveBeenCalledTimes(1);
    expect(log).toEqual([expect.stringContaining('could not be told of its first attempt')]);
  });
});

it('has room for a thousand at the same time', async () => {
  let answer: (result: AttemptResult) => void = () => undefined;
  const answered = new Promise<AttemptResult>((resolve) => (answer = resolve));
  for (let n = 0; n < 999; n += 1) follow(answered);
  expect(underWay.hasRoom()).toBe(true);
  follow(answered);
  expect(underWay.hasRoom()).toBe(false);
  answer(delivered);
  await underWay.settled();
  expect(underWay.hasRoom()).toBe(true);
});

describe('when the process ends', () => {
  it('what has its answer in time is not broken off', async () => {
    let answer: (result: AttemptResult) => void = () => undefined;
    follow(new Promise((resolve) => (answer = resolve)));
    underWay.endIn(60_000);
    const settled = underWay.settled();
    answer(delivered);
    await settled;
    expect(tellAttempted).toHaveBeenCalledTimes(1);
    expect(interrupt).not.toHaveBeenCalled();
  });

  it('what has none is broken off, and its workflow told so', async () => {
    follow(new Promise((resolve) => interrupt.mockImplementation(() => resolve(unavailable))));
    underWay.endIn(10);
    await underWay.settled();
    expect(tellAttempted).toHaveBeenCalledWith('event/a/1', 'd1', { result: unavailable, at: now });
  });

  it('one that is followed after the grace is broken off at once', () => {
    // The grace is over.
    underWay.endIn(-1);
    follow(new Promise(() => undefined));
    expect(interrupt).toHaveBeenCalledTimes(1);
  });
});
