import { expect, it } from 'vitest';
import * as limits from '../../src/dispatch/limits.js';
import { LOG_PATIENCE_MS } from '../../src/activities/attempt/log-patience.js';
import { profileIds, profileById } from '../../src/profiles/index.js';
import { ATTEMPT_OVERHEAD_MS } from '../../src/workflows/contract/delivery.js';
import { OPENING_TIMEOUT_MS } from '../../src/workflows/options.js';

/** The limits of first attempts depend on each other: whoever changes one sees here what it must stay below. */

it('a recording ends before Temporal takes its worker for lost', () => {
  const { PERMIT_PATIENCE_MS, LAST_BEGINS_MS, LONGEST_FAST_MS } = limits;
  // It waits for its permits, records, begins further attempts, and waits once more for answers.
  const longest = PERMIT_PATIENCE_MS + LOG_PATIENCE_MS + LAST_BEGINS_MS + LONGEST_FAST_MS;
  expect(longest).toBeLessThan(OPENING_TIMEOUT_MS);
});

it('a workflow has asked the log before its process gives up telling it', () => {
  const longestAttempt = Math.max(...profileIds.map((id) => profileById(id).timeLimitMs));
  expect(limits.TELL_FOR_MS).toBeGreaterThan(longestAttempt + ATTEMPT_OVERHEAD_MS);
  expect(limits.LONGEST_TELL_PAUSE_MS).toBeLessThan(limits.TELL_FOR_MS / 2);
});

it('a busy process has its looks before a fast endpoint is slow', () => {
  expect(limits.FEWEST_LOOKS).toBeLessThan(limits.LOOKS);
  expect(limits.FAST_MS).toBeLessThan(limits.LONGEST_FAST_MS);
  expect(limits.SLOW_FOR_MS).toBeLessThan(limits.FAST_FOR_MS);
});

it('one recording never takes all that there is', () => {
  expect(limits.MOST_UNANSWERED).toBeLessThan(limits.MOST_TOGETHER);
  expect(limits.MOST_TOGETHER).toBeLessThan(limits.MOST_IN_FLIGHT / 2);
});
