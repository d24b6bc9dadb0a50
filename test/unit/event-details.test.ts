import { expect, it } from 'vitest';
import type { AttemptSummary, Ended, OpenDelivery } from '../../src/workflows/contract/delivery.js';
import { timeOf } from '../../src/workflows/event-details.js';
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

it('has a table of all attempts where they are twenty, under a line that says so', () => {
  const { event, all } = largest();
  const few = attempts.slice(0, 20).map((each) => ({ ...each, answer: 'status 500' }));
  all[0]?.ended({ ...failed, attempts: few });
  const lines = linesOf(event);
  const from = lines.indexOf('Attempts to `00000000-0000-4000-8000-000000000000`:');
  expect(lines.slice(from - 1, from + 5)).toEqual([
    '',
    'Attempts to `00000000-0000-4000-8000-000000000000`:',
    '',
    '| attempt | started | took | answer |',
    '|---|---|---|---|',
    '| 1 | 2026-04-16T12:00:00.000Z | 12 ms | status 500 |',
  ]);
  expect(lines.slice(from + 4)).toHaveLength(20);
});

it.each([
  ['of a hundred characters is whole', 'x'.repeat(100), 'x'.repeat(100)],
  ['of more is cut', 'x'.repeat(101), `${'x'.repeat(99)}…`],
  ['of several lines is one', 'a\nb\nc', 'a b c'],
  ['with bars is in one cell', 'a|b|c', 'a\\|b\\|c'],
])('an answer %s', (_what, answer, cell) => {
  const event = new EventProgress(() => undefined);
  event.add(delivery('1')).waiting(2, null, answer);
  expect(linesOf(event)[2]?.split(' | ').slice(3)).toEqual([cell, ' |']);
});

it('forty deliveries are all there is room for, and of one more its state is counted', () => {
  const event = new EventProgress(() => undefined);
  for (let n = 0; n < 40; n += 1) event.add(delivery(`${n}`));
  expect(linesOf(event)).toHaveLength(42);
  event.add(delivery('40')).ended({ kind: 'delivered', number: 1, statusCode: 200 });
  expect(linesOf(event)).toHaveLength(44);
  expect(linesOf(event).slice(-2)).toEqual(['', 'and 1 more: 40 sending, 1 delivered in all']);
});

it.each([
  [null, null],
  [NaN, null],
  [9e15, null],
  [0, '1970-01-01T00:00:00.000Z'],
])('the time of %d ms is %s', (milliseconds, time) => expect(timeOf(milliseconds)).toBe(time));
