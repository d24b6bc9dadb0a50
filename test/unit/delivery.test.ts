import { expect, it } from 'vitest';
import { consequencesOf, FINAL_REASONS, type FinalReason } from '../../src/domain/delivery.js';

it.each<[FinalReason, string]>([
  ['exhausted', 'counts against the endpoint, and is told of'],
  ['refused', 'counts against the endpoint, and is told of'],
  ['expired', 'is told of'],
  ['cancelled', ''],
  ['endpoint_deleted', ''],
])('a delivery that failed as %s %s', (reason, words) => {
  expect(consequencesOf(reason)).toEqual({
    counts: words.includes('counts'),
    isTold: words.includes('told'),
  });
});

it('every reason is here', () => {
  expect(FINAL_REASONS).toHaveLength(5);
});

it('nothing follows from a reason that only a later version knows', () => {
  expect(consequencesOf('melted' as FinalReason)).toEqual({ counts: false, isTold: false });
});
