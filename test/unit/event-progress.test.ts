import { describe, expect, it, vi } from 'vitest';
import type {
  AttemptSummary,
  DeliveryResult,
  Failed,
  FirstAttempt,
  OpenDelivery,
} from '../../src/workflows/contract/delivery.js';
import { EventProgress, resultOf } from '../../src/workflows/event-progress.js';

const delivery = (id: string): OpenDelivery => ({
  id,
  endpointId: `endpoint-of-${id}`,
  schedule: { kind: 'table', delaysSeconds: [] },
  timeLimitMs: 10_000,
  host: 'receiver.test',
  first: { kind: 'queued' },
});
const ended = (status: 'delivered' | 'failed', reason: DeliveryResult['reason'] = null): DeliveryResult => ({
  deliveryId: 'd',
  endpointId: 'e',
  status,
  reason,
  attempts: 1,
});

describe('the status query', () => {
  it('answers at once, without deliveries before the event is opened', () => {
    expect(new EventProgress(() => undefined).status()).toEqual({ deliveries: [] });
  });

  it('tells of each delivery where it stands, in the order in which they were opened', () => {
    const event = new EventProgress(() => undefined);
    const [first] = [event.add(delivery('one')), event.add(delivery('two'))];
    Object.assign(first, {
      state: 'waiting',
      attempt: 2,
      nextAttemptAt: Date.UTC(2026, 3, 16, 12),
      last: 'status 500',
    });
    expect(event.status().deliveries).toEqual([
      {
        delivery_id: 'one',
        webhook_id: 'endpoint-of-one',
        state: 'waiting',
        attempt: 2,
        next_attempt_at: '2026-04-16T12:00:00.000Z',
        reason: null,
        last: 'status 500',
      },
      expect.objectContaining({ delivery_id: 'two', state: 'sending', attempt: 1, next_attempt_at: null }),
    ]);
  });
});

describe('what came of a first attempt', () => {
  const attempted = { result: { kind: 'delivered', number: 1, statusCode: 200 }, at: 0 } as const;

  it('is for its delivery', () => {
    const event = new EventProgress(() => undefined);
    const [one, two] = [event.add(delivery('one')), event.add(delivery('two'))];
    event.attempted('one', attempted);
    expect([one.attempted, two.attempted]).toEqual([attempted, null]);
  });

  it('is not lost when it comes before its delivery is known', () => {
    const event = new EventProgress(() => undefined);
    event.attempted('one', attempted);
    expect(event.add(delivery('one')).attempted).toBe(attempted);
    expect(event.add(delivery('two')).attempted).toBeNull();
  });
});

describe('the wish for the next attempt', () => {
  it('is not lost when it comes before its delivery is known', () => {
    const event = new EventProgress(() => undefined);
    event.hurry('one');
    expect(event.add(delivery('one')).hurried).toBe(true);
    expect(event.add(delivery('two')).hurried).toBe(false);
  });
});

describe('a release', () => {
  it('lets its delivery go on, and no other', () => {
    const event = new EventProgress(() => undefined);
    const [one, two] = [event.add(delivery('one')), event.add(delivery('two'))];
    event.release('one');
    expect([one.released, two.released]).toEqual([true, false]);
  });

  it('that comes before its delivery is known is not lost, and is used once', () => {
    const event = new EventProgress(() => undefined);
    event.release('one');
    expect(event.add(delivery('one')).released).toBe(true);
    expect(event.add(delivery('one')).released).toBe(false);
  });
});

describe('what people may want to see', () => {
  const seen = (live: (progress: ReturnType<EventProgress['add']>) => void) => {
    let changes = 0;
    const event: EventProgress = new EventProgress(() => {
      changes += 1;
    });
    live(event.add(delivery('one')));
    return { changes, details: event.details() };
  };
  const success = { kind: 'delivered', number: 1, statusCode: 200 } as const;

  it('is not a success at the first attempt', () => {
    expect(seen((progress) => void progress.ended(success)).changes).toBe(0);
  });

  it('is a success after a failure, and after a hold', () => {
    const later = seen((progress) => {
      progress.waiting(2, 0, 'status 500');
      progress.sending(2);
      progress.ended({ ...success, number: 2 });
    });
    expect(later).toMatchObject({
      changes: 2,
      details: expect.stringContaining('| delivered | 2 |') as string,
    });
    const held = seen((progress) => {
      progress.held(1);
      progress.ended(success);
    });
    expect(held).toMatchObject({
      changes: 2,
      details: expect.stringContaining('| delivered | 1 |') as string,
    });
  });
});

describe('the details in the Temporal UI', () => {
  it('are a table with a line for each delivery', () => {
    const event = new EventProgress(() => undefined);
    Object.assign(event.add(delivery('one')), {
      state: 'waiting',
      attempt: 2,
      last: 'status 500',
      nextAttemptAt: 0,
    });
    event.add(delivery('two'));
    expect(event.details().split('\n')).toEqual([
      '| endpoint | state | attempt | last answer | next attempt |',
      '|---|---|---|---|---|',
      '| `endpoint-of-one` | waiting | 2 | status 500 | 1970-01-01T00:00:00.000Z |',
      '| `endpoint-of-two` | sending | 1 |  |  |',
    ]);
  });

  it('have the attempts of what failed for good', () => {
    const event = new EventProgress(() => undefined);
    Object.assign(event.add(delivery('one')), {
      state: 'failed',
      reason: 'exhausted',
      attempt: 2,
      attempts: [
        { number: 1, startedAt: '2026-04-16T12:00:00.000Z', durationMs: 12, answer: 'status 500' },
        { number: 2, startedAt: '2026-04-16T12:00:10.000Z', durationMs: null, answer: 'worker_lost: gone' },
      ],
    });
    const details = event.details();
    expect(details).toContain('| `endpoint-of-one` | failed (exhausted) | 2 |');
    expect(details).toContain('Attempts to `endpoint-of-one`:');
    expect(details).toContain('| 1 | 2026-04-16T12:00:00.000Z | 12 ms | status 500 |');
    expect(details).toContain('| 2 | 2026-04-16T12:00:10.000Z |  | worker_lost: gone |');
  });

  it("stay a table, whatever the receiver's words are", () => {
    const event = new EventProgress(() => undefined);
    Object.assign(event.add(delivery('one')), { last: 'dns: a|b\nc' });
    expect(event.details()).toContain('| dns: a\\|b c |');
  });
});

describe("an event's outcome", () => {
  it.each([
    ['unmatched', []],
    ['delivered', [ended('delivered'), ended('delivered')]],
    ['failed', [ended('delivered'), ended('failed', 'exhausted')]],
    ['failed', [ended('failed', 'cancelled'), ended('failed', 'refused')]],
    ['failed', [ended('failed', 'endpoint_deleted')]],
    ['cancelled', [ended('delivered'), ended('failed', 'cancelled')]],
    ['cancelled', [ended('failed', 'cancelled')]],
  ])('is %s of %j', (status, deliveries) => {
    expect(resultOf(deliveries)).toEqual({ status, deliveries });
  });
});

describe('a delivery', () => {
  const failed = (attempts: readonly AttemptSummary[] = []): Failed => ({
    kind: 'failed',
    number: 2,
    reason: 'exhausted',
    attempts,
  });
  const attempt = (number: number, answer: string): AttemptSummary => ({
    number,
    startedAt: '2026-04-16T12:00:00.000Z',
    durationMs: 12,
    answer,
  });
  /** One delivery, with how often somebody was told of a change. */
  function one(changes: Partial<OpenDelivery> = {}) {
    const told = vi.fn();
    const event = new EventProgress(told);
    const progress = event.add({ ...delivery('one'), ...changes });
    return { event, progress, told };
  }

  it('is sent, waits, is held and ends, and says so', () => {
    const { event, progress, told } = one();
    const status = () => event.status().deliveries[0];
    expect(status()).toMatchObject({ state: 'sending', attempt: 1, next_attempt_at: null, last: null });
    progress.waiting(2, 0, 'status 500');
    expect(status()).toMatchObject({
      state: 'waiting',
      attempt: 2,
      next_attempt_at: '1970-01-01T00:00:00.000Z',
      last: 'status 500',
    });
    progress.sending(2);
    expect(status()).toMatchObject({ state: 'sending', attempt: 2, next_attempt_at: null });
    progress.waiting(3, 0, 'status 502');
    progress.held(3);
    expect(status()).toMatchObject({ state: 'held', attempt: 3, next_attempt_at: null });
    progress.waiting(3, 0, 'status 503');
    const result = progress.ended({ kind: 'delivered', number: 3, statusCode: 200 });
    expect(status()).toMatchObject({ state: 'delivered', attempt: 3, next_attempt_at: null });
    expect(told).toHaveBeenCalledTimes(5);
    expect(result).toEqual({
      deliveryId: 'one',
      endpointId: 'endpoint-of-one',
      status: 'delivered',
      reason: null,
      attempts: 3,
    });
    expect(event.results()).toEqual([result]);
    expect(event.run.busy).toBe(0);
  });

  it('that failed for good has its reason, its attempts and the answer to the last of them', () => {
    const { event, progress, told } = one();
    progress.ended(failed([attempt(1, 'status 500'), attempt(2, 'status 503'), attempt(3, 'status 502')]));
    expect(progress).toMatchObject({ attempt: 2, reason: 'exhausted', last: 'status 502' });
    expect(event.results()).toMatchObject([{ status: 'failed', reason: 'exhausted', attempts: 2 }]);
    expect(event.details()).toContain('Attempts to `endpoint-of-one`:');
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('that failed for good without attempts keeps the answer before', () => {
    const { progress } = one();
    progress.waiting(2, 0, 'status 500');
    progress.ended(failed());
    expect(progress.last).toBe('status 500');
  });

  it.each<[string, FirstAttempt, boolean, number]>([
    ['is queued was not sent', { kind: 'queued' }, false, 1],
    ['is in flight may have been', { kind: 'in_flight' }, true, 1],
    ['was answered was', { kind: 'answered', step: { kind: 'hurried' } }, true, 1],
    [
      'an earlier run has left may have been',
      { kind: 'left', step: { kind: 'hurried' }, attempt: 4 },
      true,
      4,
    ],
  ])('whose first attempt %s', (_what, first, maybeSent, number) => {
    expect(one({ first }).progress).toMatchObject({ maybeSent, attempt: number, mayRepeat: null });
    expect(one({ first, mayRepeat: 3 }).progress.mayRepeat).toBe(3);
  });

  it('can be hurried while it is sent or waits, and is woken by that', () => {
    for (const state of ['sending', 'waiting'] as const) {
      const { event, progress } = one();
      const onWish = vi.fn();
      Object.assign(progress, { state, onWish });
      event.hurry('one');
      expect(progress.hurried).toBe(true);
      expect(onWish).toHaveBeenCalledTimes(1);
    }
  });

  it('cannot be hurried while it is held, nor after its end; a hold takes the wish back', () => {
    for (const state of ['held', 'delivered', 'failed'] as const) {
      const { event, progress } = one();
      const onWish = vi.fn();
      Object.assign(progress, { state, onWish });
      event.hurry('one');
      expect(progress.hurried).toBe(false);
      expect(onWish).not.toHaveBeenCalled();
    }
    const { progress } = one();
    progress.hurry();
    progress.held(1);
    expect(progress.hurried).toBe(false);
  });

  it('gets all that came before it was known, in order', () => {
    const event = new EventProgress(() => undefined);
    event.attempted('one', { result: { kind: 'not_in_log', next: 1 }, at: 1 });
    event.attempted('one', { result: { kind: 'not_in_log', next: 1 }, at: 2 });
    event.release('one');
    expect(event.add(delivery('one'))).toMatchObject({ attempted: { at: 2 }, released: true });
  });

  it('gets nothing from before when it comes after all are known', () => {
    const event = new EventProgress(() => undefined);
    event.release('one');
    event.areAllKnown();
    event.release('one');
    expect(event.add(delivery('one')).released).toBe(false);
    event.release('one');
    expect(event.status().deliveries).toHaveLength(1);
  });

  it('is written into a log that has lost it as it is known', () => {
    const { event, progress } = one();
    event.add(delivery('two'));
    const third = event.add(delivery('three'));
    third.ended({ kind: 'delivered', number: 1, statusCode: 200 });
    expect(progress.known({ begun: 2, state: 'waiting' })).toEqual({
      id: 'one',
      endpointId: 'endpoint-of-one',
      begun: 2,
      state: 'waiting',
      reason: null,
    });
    progress.ended(failed());
    expect(event.ended()).toEqual([
      { id: 'one', endpointId: 'endpoint-of-one', begun: 2, state: 'failed', reason: 'exhausted' },
      { id: 'three', endpointId: 'endpoint-of-three', begun: 1, state: 'delivered', reason: null },
    ]);
  });
});

describe('the run of an event', () => {
  it('wakes every delivery once when it is to be left', () => {
    const event = new EventProgress(() => undefined);
    const wishes = [vi.fn(), vi.fn()];
    for (const [n, onWish] of wishes.entries()) event.add(delivery(`${n}`)).onWish = onWish;
    event.add(delivery('busy'));
    expect(event.run).toEqual({ isLeaving: false, busy: 3 });
    event.leave();
    event.leave();
    expect(event.run.isLeaving).toBe(true);
    for (const onWish of wishes) expect(onWish).toHaveBeenCalledTimes(1);
  });

  it('counts a delivery that was put aside once, also when it ends nevertheless', () => {
    const event = new EventProgress(() => undefined);
    const progress = event.add(delivery('one'));
    event.add(delivery('two'));
    progress.putAside({ step: { kind: 'hurried' }, at: 0 });
    expect(event.run.busy).toBe(1);
    progress.ended({ kind: 'delivered', number: 1, statusCode: 200 });
    expect(event.run.busy).toBe(1);
    expect(event.continued(0)).toBeNull();
  });

  it('leaves to the next what ended, with the attempts of those alone that are shown', () => {
    const event = new EventProgress(() => undefined);
    const attempts = [{ number: 1, startedAt: '', durationMs: null, answer: 'status 500' }];
    for (const id of ['1', '2', '3', '4']) {
      event.add(delivery(id)).ended({ kind: 'failed', number: 1, reason: 'refused', attempts });
    }
    event.add(delivery('5')).putAside({ step: { kind: 'hurried' }, at: 0 });
    const continued = event.continued(0);
    expect(continued?.ended.map(({ attempts: shown }) => shown?.length)).toEqual([1, 1, 1, undefined]);
    const following = new EventProgress(() => undefined);
    for (const each of continued?.ended ?? []) following.addEnded(each);
    expect(following.run.busy).toBe(0);
    expect(following.results()).toEqual(event.results());
    expect(following.status().deliveries).toEqual(event.status().deliveries.slice(0, 4));
    expect(following.details().match(/Attempts to/g)).toHaveLength(3);
    const unseen = new EventProgress(() => undefined);
    unseen.addEnded(continued?.ended[3] ?? { result: ended('delivered'), last: null });
    expect(unseen.details()).not.toContain('Attempts to');
  });
});
