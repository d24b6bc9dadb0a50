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

  it('are prolonged for what was announced only where they are not known any more', () => {
    expect(prolonged(table(), 1)).toEqual(table());
    expect(prolonged(table(), 2)).toEqual(table(1));
  });
});
