import { asOneLine } from '../../delivery/failure.js';
import type { Attempt } from '../../domain/attempt.js';
import type { AttemptSummary } from '../../workflows/contract/delivery.js';

/** Histories keep a line per attempt, not the receiver's words in full. */
const LONGEST_ANSWER = 200;

export function summaryOf(attempt: Attempt): AttemptSummary {
  const answer = attempt.error ?? `status ${attempt.statusCode}`;
  return {
    number: attempt.number,
    startedAt: attempt.startedAt.toISOString(),
    durationMs: attempt.durationMs,
    answer: asOneLine(answer, LONGEST_ANSWER),
  };
}
