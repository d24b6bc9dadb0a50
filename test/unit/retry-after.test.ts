import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/delivery/retry-after.js';
import { delayBeforeAttemptMs } from '../../src/domain/schedule.js';
import { profileById } from '../../src/profiles/index.js';

const now = new Date('2026-04-16T12:00:00.000Z');
const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

describe.each(['UTC', 'America/New_York', 'Pacific/Kiritimati'])('Retry-After, in the zone %s,', (tz) => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['000000000000120', 120_000],
    ['9999999999', 9_999_999_999_000],
    ['Thu, 16 Apr 2026 12:00:30 GMT', 30_000],
    ['Thu, 16 Apr 2026 12:00:60 GMT', 60_000],
    ['Thursday, 16-Apr-26 12:00:30 GMT', 30_000],
    ['thu, 16 apr 2026 12:00:30 gmt', 30_000],
    ['Thu, 16 Apr 2026 12:00:30 UTC', 30_000],
    ['Thursday, 16-Apr-26 12:00:30 UTC', 30_000],
    ['Thu Apr 16 12:00:30 2026', 30_000],
    ['Thu, 16 Apr 2026 23:59:59 GMT', 43_199_000],
    ['Thu, 16 Apr 2026 23:59:60 GMT', 43_200_000],
    ['Fri May  1 12:00:00 2026', 15 * 86_400_000],
    ['Thu, 16 Apr 2026 11:00:00 GMT', 0],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    // Fifty years ahead, and a day more: that was a hundred years before.
    ['Thursday, 16-Apr-76 12:00:00 GMT', Date.UTC(2076, 3, 16, 12) - now.getTime()],
    ['Friday, 17-Apr-76 12:00:00 GMT', 0],
  ])('%j is %i ms', (value, ms) => {
    process.env['TZ'] = tz;
    expect(new Date(2026, 0, 1).getTimezoneOffset() === 0).toBe(tz === 'UTC');
    expect(parseRetryAfter(value, now)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    ' ',
    '-1',
    '-120',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    'Thu, nonsense',
    '2026-04-16',
    '2026-04-16T12:00:30Z',
    '12 s',
    'NaN',
    'Infinity',
    '10,20',
    'Thu, 16 Apr 2026 12:00:30',
    'Thu, 16 Apr 2026 12:00:30 +0100',
    'Thu, 16 Apr 2026 12:00:30 EST',
    'Thu, 31 Apr 2026 12:00:30 GMT',
    'Thu, 00 Apr 2026 12:00:30 GMT',
    'Thu, 16 Apr 2026 24:00:00 GMT',
    'Thu, 16 Apr 2026 24:00:30 GMT',
    'Thu, 16 Apr 2026 99:00:00 GMT',
    'Thu, 16 Apr 2026 12:60:30 GMT',
    'Thu, 16 Apr 2026 12:00:61 GMT',
    'Thu, 16 Foo 2026 12:00:30 GMT',
    'x Thu, 16 Apr 2026 12:00:30 GMT',
    'Thu, 16 Apr 2026 12:00:30 GMT x',
    'Thu, 32 Dec 2026 12:00:30 GMT',
    'Thu Apr 1 12:00:30 2026',
  ])('%j is nothing', (value) => {
    process.env['TZ'] = tz;
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });
});

it.each(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'])(
  'a date may be in %s',
  (month) => {
    const at = Date.UTC(2027, new Date(`1 ${month} 2027`).getMonth(), 15, 12);
    for (const date of [
      `Fri, 15 ${month} 2027 12:00:00 GMT`,
      `Friday, 15-${month}-27 12:00:00 GMT`,
      `Fri ${month} 15 12:00:00 2027`,
    ]) {
      expect(parseRetryAfter(date, now)).toBe(at - now.getTime());
    }
  },
);

it('any number of digits is a number of seconds, and never lengthens a delay beyond the cap', () => {
  const { schedule } = profileById('standard');
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,400}$/), (digits) => {
      const ms = parseRetryAfter(digits, now);
      expect(ms).toBe(Math.min(Number(digits) * 1000, Number.MAX_SAFE_INTEGER));
      expect(delayBeforeAttemptMs(schedule, 2, 'd', ms)).toBeLessThanOrEqual(3_600_000);
    }),
  );
  expect(delayBeforeAttemptMs(schedule, 2, 'd', parseRetryAfter('9'.repeat(400), now))).toBe(3_600_000);
});
