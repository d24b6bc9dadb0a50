import { expect, it } from 'vitest';
import { asOf } from '../../src/workflows/attempted.js';
import type { AttemptResult } from '../../src/workflows/contract/delivery.js';

const retry = (delayMs: number): AttemptResult => ({ kind: 'retry', next: 2, delayMs, last: 'status 500' });

it.each([
  ['has come nearer', 400, 600],
  ['is overdue', 5_000, 0],
  ['is no further than it was, by a clock that is behind', -300, 1_000],
])('a next attempt %s some time later', (_what, elapsedMs, delayMs) => {
  expect(asOf(10_000 + elapsedMs, { result: retry(1_000), at: 10_000 })).toEqual(retry(delayMs));
});

it('what has ended stays as it is', () => {
  const result: AttemptResult = { kind: 'delivered', number: 1, statusCode: 200 };
  expect(asOf(10_400, { result, at: 10_000 })).toBe(result);
});
