/** How fast held deliveries go on. Pure. */

/** A drain reaches its rate after this long: a receiver that has just recovered is not flooded. */
const RAMP_SECONDS = 10;
/** It begins with this share of its rate. */
const FIRST_SHARE = 0.1;
/** Deliveries are let go in groups of what fits into this, so that a high rate needs few looks at the log. */
const GROUP_SECONDS = 0.05;

/** How many deliveries go on in a second, so long after the drain began. */
export function drainRate(perSecond: number, secondsSinceStart: number): number {
  const share = FIRST_SHARE + (1 - FIRST_SHARE) * (Math.max(0, secondsSinceStart) / RAMP_SECONDS);
  return perSecond * Math.min(1, share);
}

/** How many go on together at a rate, and how long the next group waits, in milliseconds. */
export function drainGroup(perSecond: number): { readonly size: number; readonly pauseMs: number } {
  const size = Math.max(1, Math.floor(perSecond * GROUP_SECONDS));
  return { size, pauseMs: (size / perSecond) * 1_000 };
}

/** How long a drain takes for so many deliveries, its slow beginning included, in whole seconds. */
export function drainSeconds(perSecond: number, deliveries: number): number {
  // While the rate grows evenly from its first share to all of it, this many go on.
  const inRamp = (perSecond * RAMP_SECONDS * (1 + FIRST_SHARE)) / 2;
  if (deliveries >= inRamp) return Math.ceil(RAMP_SECONDS + (deliveries - inRamp) / perSecond);
  // deliveries = perSecond * (FIRST_SHARE * t + (1 - FIRST_SHARE) * t² / (2 * RAMP_SECONDS))
  const half = (1 - FIRST_SHARE) / (2 * RAMP_SECONDS);
  const root = Math.sqrt(FIRST_SHARE ** 2 + (4 * half * deliveries) / perSecond);
  return Math.ceil((root - FIRST_SHARE) / (2 * half));
}
