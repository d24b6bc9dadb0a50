import { expect, it } from 'vitest';
import { dayAfter, dayOf } from '../../src/domain/day.js';

it('a day is that of UTC, to its last millisecond', () => {
  expect(dayOf(new Date('2026-04-16T00:00:00.000Z'))).toBe('2026-04-16');
  expect(dayOf(new Date('2026-04-16T23:59:59.999Z'))).toBe('2026-04-16');
});

it.each([
  ['2026-04-16', undefined, '2026-04-17'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2026-04-16', 0, '2026-04-16'],
  ['2026-03-01', -1, '2026-02-28'],
  ['2026-04-16', 365, '2027-04-16'],
])('%s and %s days is %s', (day, days, wanted) => expect(dayAfter(day, days)).toBe(wanted));
