import { expect, it } from 'vitest';
import { ServerClock } from '../../../src/dashboard/logic/server-clock.js';

const NOON = Date.UTC(2026, 10, 30, 12);

/** An answer that took so long, at a server whose clock is ahead of this computer's. */
function observe(
  clock: ServerClock,
  { at, tookMs, aheadMs }: { at: number; tookMs: number; aheadMs: number },
) {
  const madeAt = at + tookMs / 2 + aheadMs;
  clock.observe(new Date(Math.floor(madeAt / 1_000) * 1_000).toUTCString(), at, at + tookMs);
}

it('takes a clock that may be right for right', () => {
  const clock = new ServerClock();
  expect(clock.now(NOON)).toBe(NOON);
  observe(clock, { at: NOON + 400, tookMs: 20, aheadMs: 300 });
  expect(clock.offsetMs).toBe(0);
});

it('comes within a second of a clock that is ten minutes ahead by one answer, and nearer by more', () => {
  const clock = new ServerClock();
  const aheadMs = 600_000;
  observe(clock, { at: NOON, tookMs: 20, aheadMs });
  expect(Math.abs(clock.offsetMs - aheadMs)).toBeLessThan(1_000);
  for (let at = NOON; at < NOON + 10_000; at += 370) observe(clock, { at, tookMs: 20, aheadMs });
  expect(Math.abs(clock.offsetMs - aheadMs)).toBeLessThan(200);
});

it('begins anew when one of the clocks was set', () => {
  const clock = new ServerClock();
  observe(clock, { at: NOON, tookMs: 20, aheadMs: 600_000 });
  observe(clock, { at: NOON + 5_000, tookMs: 20, aheadMs: -60_000 });
  expect(Math.abs(clock.offsetMs + 60_000)).toBeLessThan(1_000);
});

it.each([null, 'yesterday'])('learns nothing of the date %s', (date) => {
  const clock = new ServerClock();
  clock.observe(date, NOON, NOON);
  expect(clock.offsetMs).toBe(0);
});
