import { describe, expect, it } from 'vitest';
import { absolute, countdown, duration, relative, timeFrom } from '../../../src/dashboard/logic/times.js';

describe('countdown', () => {
  it.each([
    [0, '00:00'],
    [-5_000, '00:00'],
    [1, '00:01'],
    [27_000, '00:27'],
    [252_000, '04:12'],
    [3_852_000, '1:04:12'],
    [2 * 86_400_000 + 3_852_000, '2 d 1:04:12'],
  ])('%i ms are shown as %s', (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });
});

describe('duration', () => {
  it.each([
    [0.4, '0 ms'],
    [999, '999 ms'],
    [15_000, '15.0 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [5_400_000, '1 h 30 min'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('relative', () => {
  const now = 1_800_000_000_000;

  it.each([
    [now, 'now'],
    [now - 12_000, '12 s ago'],
    [now - 119_000, '1 min ago'],
    [now + 7_200_000, 'in 2 h'],
    [now - 3 * 86_400_000, '3 d ago'],
  ])('%i is %s', (at, text) => {
    expect(relative(at, now)).toBe(text);
  });
});

describe('timeFrom', () => {
  const now = new Date(2026, 10, 30, 15, 0, 0).getTime();

  it.each([
    ['now', now],
    ['2 h', now - 7_200_000],
    ['30 min ago', now - 1_800_000],
    ['12:04', new Date(2026, 10, 30, 12, 4).getTime()],
    ['today 9:00', new Date(2026, 10, 30, 9).getTime()],
    ['2026-11-29 12:00', new Date(2026, 10, 29, 12).getTime()],
    ['2026-11-29T12:00:05', new Date(2026, 10, 29, 12, 0, 5).getTime()],
    ['2026-11-29', new Date(2026, 10, 29).getTime()],
    ['2026-11-29T12:00:00.000Z', Date.UTC(2026, 10, 29, 12)],
    ['2026-11-29T12:00:00+02:00', Date.UTC(2026, 10, 29, 10)],
  ])('reads "%s"', (text, time) => {
    expect(timeFrom(text, now)).toBe(time);
  });

  it.each(['', 'yesterday', '25:00', '2026-02-31', '2026-13-01 10:00', '12', '2026-11-29 12:61'])(
    'does not take "%s" for a time',
    (text) => {
      expect(timeFrom(text, now)).toBeNull();
    },
  );

  it('reads what `absolute` writes', () => {
    expect(timeFrom(absolute(now), now)).toBe(now);
  });
});
