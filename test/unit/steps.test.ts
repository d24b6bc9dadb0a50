import { compileRetryPolicy } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsInAll, prolonged, toRetryPolicy, type Schedule } from '../../src/domain/schedule.js';
import { FINAL_REASONS } from '../../src/domain/delivery.js';
import type { OpenDelivery, Step } from '../../src/workflows/contract/delivery.js';
import { EventProgress } from '../../src/workflows/event-progress.js';
import { keptSchedules, scheduleIn } from '../../src/workflows/kept-schedules.js';
import { isLong } from '../../src/workflows/run-length.js';
import { after, carriedOn, failedOrNull, timerMs, understood } from '../../src/workflows/steps.js';

/** What workflows compute never throws, because that would fail their tasks for ever: any schedule, number and result. */

/** Also what no schedule should have. */
const seconds = fc.oneof(fc.integer({ min: 1, max: 1_000_000 }), fc.double());
const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({
    kind: fc.constant('geometric' as const),
    firstSeconds: seconds,
    factor: fc.double(),
    maximumSeconds: seconds,
    retries: fc.oneof(fc.nat(60), fc.double()),
  }),
  fc.record(
    {
      kind: fc.constant('table' as const),
      delaysSeconds: fc.array(seconds, { maxLength: 60 }),
      jitter: fc.double(),
    },
    { requiredKeys: ['kind', 'delaysSeconds'] },
  ),
);
const number = fc.oneof(fc.integer({ min: -3, max: 100 }), fc.double());
const text = fc.option(fc.string());
const summary = fc.record({
  number,
  startedAt: fc.string(),
  durationMs: fc.option(fc.double()),
  answer: fc.string(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('delivered' as const), number, statusCode: fc.option(fc.integer()) }),
  fc.record({
    kind: fc.constant('failed' as const),
    number,
    reason: fc.constantFrom(...FINAL_REASONS),
    attempts: fc.array(summary, { maxLength: 60 }),
  }),
  fc.record({ kind: fc.constant('retry' as const), next: number, delayMs: fc.double(), last: text }),
  fc.record({ kind: fc.constant('held' as const), next: number, forMs: fc.double() }),
  fc.record({ kind: fc.constant('unavailable' as const), next: number, why: fc.string() }),
  fc.record({ kind: fc.constant('not_in_log' as const), next: number }),
  fc.record({ kind: fc.constant('hurried' as const) }),
);

const delivery = (id: string, changes: Partial<OpenDelivery> = {}): OpenDelivery => ({
  id,
  endpointId: `endpoint-of-${id}`,
  schedule: { kind: 'table', delaysSeconds: [] },
  timeLimitMs: 10_000,
  host: 'receiver.test',
  first: { kind: 'queued' },
  ...changes,
});

const KINDS = ['delivered', 'failed', 'retry', 'held', 'unavailable', 'not_in_log', 'unrecorded', 'hurried'];

describe('whatever a workflow is given', () => {
  it('the retry policy is one that Temporal takes', () => {
    fc.assert(
      fc.property(schedule, number, (given, attempt) => {
        const policy = toRetryPolicy(given, attempt);
        expect(() => compileRetryPolicy(policy)).not.toThrow();
        expect(policy.backoffCoefficient).toBeGreaterThanOrEqual(1);
        expect(policy.initialInterval).toBeGreaterThanOrEqual(1_000);
        expect(Number.isSafeInteger(policy.maximumInterval)).toBe(true);
      }),
    );
  });

  it('an attempt that the schedule lacks is made once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 })), fc.nat(9), (delaysSeconds, beyond) => {
        const given: Schedule = { kind: 'table', delaysSeconds };
        expect(toRetryPolicy(given, attemptsInAll(given) + 1 + beyond).maximumAttempts).toBe(1);
      }),
    );
  });

  it('a timer is a positive whole number', () => {
    fc.assert(
      fc.property(fc.double(), (milliseconds) => {
        expect(Number.isSafeInteger(timerMs(milliseconds))).toBe(true);
        expect(timerMs(milliseconds)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('what came of an attempt is a step that is known', () => {
    const given = fc.oneof(fc.anything(), step, fc.record({ kind: fc.string() }));
    fc.assert(
      fc.property(given, fc.nat(60), (value, attempt) => {
        const { kind } = understood(value, attempt);
        expect(KINDS).toContain(kind);
        expect([null, 'failed']).toContain(failedOrNull(value)?.kind ?? null);
      }),
    );
  });

  it.each<[string, Step]>([
    ['delivered', { kind: 'delivered', number: 1, statusCode: 200 }],
    ['failed', { kind: 'failed', number: 0, reason: 'refused', attempts: [] }],
    ['retry', { kind: 'retry', next: 2, delayMs: 1_000, last: null }],
    ['held', { kind: 'held', next: 2, forMs: 1_000 }],
    ['unavailable', { kind: 'unavailable', next: 2 }],
    ['not in the log', { kind: 'not_in_log', next: 2 }],
    ['hurried', { kind: 'hurried' }],
  ])('a step is taken as it is: %s', (_what, given) => {
    expect(understood(given, 7)).toBe(given);
    expect(failedOrNull(given)).toBe(given.kind === 'failed' ? given : null);
  });

  it('an outcome that the log lacks is a step too', () => {
    const given = { kind: 'unrecorded', outcome: { deliveryId: 'd' } };
    expect(understood(given, 7)).toBe(given);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'delivered'],
    ['undefined', undefined],
    ['no kind', {}],
    ['another kind', { kind: 'paused', next: 1 }],
    ['delivered by no attempt', { kind: 'delivered' }],
    ['delivered by attempt -1', { kind: 'delivered', number: -1 }],
    ['delivered by attempt 1.5', { kind: 'delivered', number: 1.5 }],
    ['delivered by attempt "1"', { kind: 'delivered', number: '1' }],
    ['delivered by attempt 2^53', { kind: 'delivered', number: 2 ** 53 }],
    ['failed without a number', { kind: 'failed', reason: 'refused', attempts: [] }],
    ['failed without a reason', { kind: 'failed', number: 1, attempts: [] }],
    ['failed without its attempts', { kind: 'failed', number: 1, reason: 'refused' }],
    ['a retry of nothing', { kind: 'retry', delayMs: 1 }],
    ['a retry without a delay', { kind: 'retry', next: 2 }],
    ['held before nothing', { kind: 'held', forMs: 1 }],
    ['held without an end', { kind: 'held', next: 2 }],
    ['unavailable for nothing', { kind: 'unavailable' }],
    ['not in the log, for nothing', { kind: 'not_in_log' }],
    ['unrecorded without an outcome', { kind: 'unrecorded' }],
    ['unrecorded with null', { kind: 'unrecorded', outcome: null }],
    ['unrecorded with a text', { kind: 'unrecorded', outcome: 'delivered' }],
  ])('what is no step becomes a look at the log: %s', (_what, given) => {
    expect(understood(given, 7)).toEqual({
      kind: 'unavailable',
      next: 7,
      why: 'its outcome was not understood',
    });
    expect(failedOrNull(given)).toBeNull();
  });

  it.each([
    [-5, 1],
    [0, 1],
    [1, 1],
    [1.2, 2],
    [5_000, 5_000],
    [NaN, 1],
    [Infinity, 315_360_000_000],
    [1e15, 315_360_000_000],
  ])('a timer for %d ms is one of %d', (given, wanted) => expect(timerMs(given)).toBe(wanted));

  it('what people see is there, and bounded', () => {
    const told = fc.array(fc.tuple(fc.nat(60), step, fc.double()), { maxLength: 200 });
    fc.assert(
      fc.property(told, (steps) => {
        const event = new EventProgress(() => undefined);
        const all = Array.from({ length: 61 }, (_, n) => event.add(delivery(`${n}`)));
        for (const [n, each, at] of steps) {
          const progress = all[n];
          if (!progress || progress.result) continue;
          switch (each.kind) {
            case 'delivered':
            case 'failed':
              progress.ended(each);
              break;
            case 'retry':
              progress.waiting(each.next, at + each.delayMs, each.last);
              break;
            case 'held':
              progress.held(each.next);
              break;
            case 'unavailable':
              progress.waiting(each.next, null, each.why ?? null);
              break;
            case 'not_in_log':
              progress.waiting(each.next, null, null);
              break;
            case 'unrecorded':
            case 'hurried':
              progress.hurry();
          }
        }
        expect(event.status().deliveries).toHaveLength(61);
        expect(event.details().length).toBeLessThan(20_000);
        expect(event.results().length + event.run.busy).toBe(61);
      }),
    );
  });
});

describe('a delivery that is left to the next run of its workflow', () => {
  const quiet = { released: false, hurried: false };
  const retry: Step = { kind: 'retry', next: 3, delayMs: 60_000, last: 'status 500' };
  const held: Step = { kind: 'held', next: 3, forMs: 3_600_000 };
  const left = { delivery: delivery('one'), attempt: 3, mayRepeat: null, ...quiet };
  const next = (of: Step, told = quiet) =>
    stepOf(carriedOn({ ...left, aside: { step: of, at: 1_000 }, ...told }, 11_000));

  function stepOf({ first }: OpenDelivery): Step {
    if (first.kind !== 'left') throw new Error('it was not left');
    return first.step;
  }

  it('waits for what is left', () => {
    expect(next(retry)).toEqual({ ...retry, delayMs: 50_000 });
    expect(next(held)).toEqual({ ...held, forMs: 3_590_000 });
  });

  it('keeps what it was told since', () => {
    expect(next(held, { ...quiet, released: true })).toEqual({
      kind: 'retry',
      next: 3,
      delayMs: 0,
      last: null,
    });
    expect(next(retry, { ...quiet, hurried: true })).toEqual({ kind: 'hurried' });
  });

  it('keeps its schedule, and is not scheduled a second time', () => {
    const schedule: OpenDelivery['schedule'] = { kind: 'table', delaysSeconds: [1, 2] };
    const given = delivery('one', { first: { kind: 'queued', delayMs: 5_000 }, schedule });
    const aside = { step: retry, at: 0 };
    const { first, schedule: kept } = carriedOn({ ...left, delivery: given, aside }, 0);
    expect([first, kept]).toEqual([{ kind: 'left', step: retry, attempt: 3 }, schedule]);
  });

  it('of what it was told, takes only what its step is about', () => {
    expect(next(retry, { ...quiet, released: true })).toMatchObject({ kind: 'retry', delayMs: 50_000 });
    expect(next(held, { ...quiet, hurried: true })).toMatchObject({ kind: 'held' });
    const unavailable: Step = { kind: 'unavailable', next: 3 };
    expect(next(unavailable)).toEqual(unavailable);
    expect(next(unavailable, { ...quiet, hurried: true })).toEqual({ kind: 'hurried' });
    const ended: Step = { kind: 'delivered', number: 3, statusCode: 200 };
    expect(next(ended, { released: true, hurried: true })).toEqual(ended);
  });

  it('forgets that an attempt may have been sent before, once another is to come', () => {
    const before = delivery('one', { mayRepeat: 2 });
    const aside = { step: retry, at: 0 };
    expect(carriedOn({ ...left, delivery: before, aside }, 0)).not.toHaveProperty('mayRepeat');
    expect(carriedOn({ ...left, delivery: before, aside, mayRepeat: 4 }, 0).mayRepeat).toBe(4);
  });

  it.each<[string, Step, typeof quiet]>([
    ['held', held, quiet],
    ['released', held, { ...quiet, released: true }],
    ['hurried', retry, { ...quiet, hurried: true }],
    ['kept by an outage', { kind: 'unavailable', next: 3 }, quiet],
  ])('and was %s keeps its attempt, and that it may have been sent before', (_how, step, told) => {
    const runs = [new EventProgress(() => undefined), new EventProgress(() => undefined)] as const;
    const before = runs[0].add(delivery('one'));
    before.sending(3);
    Object.assign(before, { mayRepeat: 3, ...told });
    before.putAside({ step, at: 0 });
    const [carried] = runs[0].continued(0)?.deliveries ?? [];
    if (!carried) throw new Error('one is left');
    const { attempt, mayRepeat } = runs[1].add(carried);
    expect([attempt, mayRepeat]).toEqual([3, 3]);
  });

  it('has what ended before beside it', () => {
    const event = new EventProgress(() => undefined);
    const [one, two] = [event.add(delivery('one')), event.add(delivery('two'))];
    one.ended({ kind: 'delivered', number: 2, statusCode: 200 });
    expect(event.continued(0)).toBeNull();
    event.leave();
    two.putAside({ step: held, at: 0 });
    expect(event.run).toEqual({ isLeaving: true, busy: 0 });
    const continued = event.continued(0);
    expect(continued).toMatchObject({
      ended: [{ result: { deliveryId: 'one', status: 'delivered', attempts: 2 } }],
      deliveries: [{ id: 'two', first: { kind: 'left', step: held } }],
    });
    const following = new EventProgress(() => undefined);
    for (const each of continued?.ended ?? []) following.addEnded(each);
    for (const each of continued?.deliveries ?? []) following.add(each);
    expect(following.status().deliveries).toMatchObject([
      { delivery_id: 'one', state: 'delivered', attempt: 2 },
      { delivery_id: 'two' },
    ]);
  });

  it('is none while the history is short', () => {
    expect(isLong({ historyLength: 7_000, historySize: 4_000_000 }, 1_000)).toBe(false);
    expect(isLong({ historyLength: 20_000, historySize: 0 }, 0)).toBe(true);
    expect(isLong({ historyLength: 0, historySize: 20_000_000 }, 0)).toBe(true);
    expect(isLong({ historyLength: 19_999, historySize: 19_999_999 }, 3_999)).toBe(false);
    expect(isLong({ historyLength: 0, historySize: 0 }, 4_000)).toBe(true);
    // Temporal takes 10,000.
    expect(isLong({ historyLength: 0, historySize: 0 }, 5_000)).toBe(true);
  });
});

describe('time that has passed', () => {
  it('is never negative, and makes no wait longer', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.nat(), (elapsed, delayMs) => {
        const step = after(elapsed, { kind: 'retry', next: 2, delayMs, last: null });
        expect(step).toMatchObject({ kind: 'retry', next: 2 });
        expect(step.kind === 'retry' && step.delayMs >= 0 && step.delayMs <= delayMs).toBe(true);
      }),
    );
  });
});

describe('a step', () => {
  const unrecorded: Step = {
    kind: 'unrecorded',
    outcome: {
      deliveryId: 'd',
      attempt: {
        number: 1,
        startedAt: '2026-04-16T12:00:00.000Z',
        durationMs: 12,
        statusCode: 200,
        error: null,
        slow: false,
        possiblyRepeated: false,
        responseBody: null,
      },
      result: { kind: 'delivered', number: 1, statusCode: 200 },
      nextAttemptAt: null,
    },
  };

  it.each<Step>([
    { kind: 'delivered', number: 1, statusCode: 200 },
    { kind: 'failed', number: 1, reason: 'refused', attempts: [] },
    { kind: 'unavailable', next: 2 },
    { kind: 'not_in_log', next: 2 },
    unrecorded,
    { kind: 'hurried' },
  ])('that waits for nothing stays as it is: $kind', (step) => {
    expect(after(1_000, step)).toBe(step);
  });

  it('that is held is held for as much less', () => {
    expect(after(400, { kind: 'held', next: 2, forMs: 1_000 })).toEqual({
      kind: 'held',
      next: 2,
      forMs: 600,
    });
  });
});

describe('the schedules of deliveries that were opened together', () => {
  const table = (...delaysSeconds: number[]): Schedule => ({ kind: 'table', delaysSeconds });

  it('are found by endpoint, however many there are', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.nat(30), fc.nat(4)), { selector: ([id]) => id, minLength: 1 });
    fc.assert(
      fc.property(pairs, (given) => {
        const opened = given.map(([id, n]) => ({ endpointId: `e${id}`, schedule: table(n + 1) }));
        const kept = keptSchedules(opened);
        for (const { endpointId, schedule: own } of opened) {
          expect(scheduleIn(kept, endpointId)).toEqual(own);
        }
      }),
    );
  });

  it('are one, where all have the same', () => {
    const opened = ['a', 'b', 'c'].map((endpointId) => ({ endpointId, schedule: table(1) }));
    expect(keptSchedules(opened)).toEqual({ usual: table(1) });
    expect(keptSchedules([])).toBeUndefined();
    expect(scheduleIn(undefined, 'a')).toBeUndefined();
  });

  it('have as the usual one that of most endpoints, and name the others once', () => {
    const given: [string, Schedule][] = [
      ['a', table(1)],
      ['b', table(2)],
      ['c', table(2)],
      ['c', table(2)],
      ['d', table(1)],
      ['e', table(2)],
      ['a', table(1)],
    ];
    expect(keptSchedules(given.map(([endpointId, schedule]) => ({ endpointId, schedule })))).toEqual({
      usual: table(2),
      others: [{ schedule: table(1), endpointIds: ['a', 'd'] }],
    });
  });

  it('are prolonged for what was announced only where they are not known any more', () => {
    expect(prolonged(table(), 1)).toEqual(table());
    expect(prolonged(table(), 2)).toEqual(table(1));
  });
});
