import { expect, it } from 'vitest';
import type { AttemptSummary, Ended, OpenDelivery } from '../../src/workflows/contract/delivery.js';
import { EventProgress } from '../../src/workflows/event-progress.js';

/** The table in the Temporal UI, for the largest event: a thousand deliveries with 51 attempts each. */

const delivery = (id: string): OpenDelivery => ({
  id,
  endpointId: `00000000-0000-4000-8000-${id.padStart(12, '0')}`,
  schedule: { kind: 'table', delaysSeconds: [] },
  timeLimitMs: 10_000,
  host: 'receiver.test',
  first: { kind: 'queued' },
});
const attempts: AttemptSummary[] = Array.from({ length: 51 }, (_, n) => ({
  number: n + 1,
  startedAt: '2026-04-16T12:00:00.000Z',
  durationMs: 12,
  answer: `connection_refused: ${'the receiver is not there '.repeat(20)}`,
}));
const failed: Ended = { kind: 'failed', number: 51, reason: 'exhausted', attempts };

function largest() {
  const event = new EventProgress(() => undefined);
  const all = Array.from({ length: 1_000 }, (_, n) => event.add(delivery(`${n}`)));
  return { event, all };
}
const linesOf = (event: EventProgress) => event.details().split('\n');

it('shows the attempts of few, and the newest of these', () => {
  const { event, all } = largest();
  for (const each of all) each.ended(failed);
  const details = event.details();
  expect(details.length).toBeLessThan(20_000);
  expect(details).toContain('The last 20 of 51 attempts to `00000000-0000-4000-8000-000000000000`:');
  expect(details).toContain('| 51 | ');
  expect(details).not.toContain('| 31 | 2026');
  expect(details.match(/attempts to/g)).toHaveLength(3);
});

it('shows those first that somebody may have to look after, and counts the others', () => {
  const { event, all } = largest();
  for (const each of all) each.ended({ kind: 'delivered', number: 1, statusCode: 200 });
  const more = [event.add(delivery('1001')), event.add(delivery('1002')), event.add(delivery('1003'))];
  more[0]?.waiting(2, 0, 'status 500');
  more[1]?.held(1);
  more[2]?.ended(failed);
  const lines = linesOf(event);
  expect(lines.slice(2, 6).map((line) => line.split(' | ')[1])).toEqual([
    'failed (exhausted)',
    'held',
    'waiting',
    'delivered',
  ]);
  expect(lines).toContain('and 963 more: 1 failed, 1 held, 1 waiting, 1000 delivered in all');
});

it('says nothing of more where there is none', () => {
  const event = new EventProgress(() => undefined);
  event.add(delivery('1'));
  expect(linesOf(event)).toHaveLength(3);
});

it('costs as many lines at every change as at the first: a replay makes it anew thousands of times', () => {
  const { event, all } = largest();
  let lines = 0;
  for (const each of all) {
    each.waiting(2, 0, 'status 500');
    lines += linesOf(event).length;
    each.ended(failed);
    lines += linesOf(event).length;
  }
  // 3 tables of 25 lines, 40 deliveries and what is around them.
  expect(lines / 2_000).toBeLessThan(130);
});
