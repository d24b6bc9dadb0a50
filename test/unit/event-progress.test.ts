import { describe, expect, it } from 'vitest';
import type { DeliveryResult, OpenDelivery } from '../../src/workflows/contract/delivery.js';
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
