import type { AttemptErrorCode } from '../domain/attempt.js';
import type { Profile } from '../profiles/profile.js';
import { attemptsInAll, delayBeforeAttemptMs, type Schedule } from '../domain/schedule.js';

/** Why a receiver gave no answer. */
export type FailureCode = Exclude<AttemptErrorCode, 'redirect' | 'worker_lost' | 'not_in_log'>;

/** The result of one POST. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      /** Milliseconds that the receiver asks to be left alone for, if it does. */
      readonly retryAfterMs?: number;
      /** The first bytes of the body as text. */
      readonly body: string;
      readonly durationMs: number;
      /** The POST was sent a second time after a first one that the receiver may have read. */
      readonly possiblyRepeated?: true;
    }
  | {
      readonly kind: 'unanswered';
      readonly code: FailureCode;
      readonly text: string;
      readonly durationMs: number;
      readonly possiblyRepeated?: true;
    };

/** What an answer means for its delivery. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'failed'; readonly reason: 'exhausted' | 'refused' | 'expired' };

/**
 * Judges the answer to attempt `number`: 2xx delivers, what the profile lists as final refuses, everything else
 * is tried again while the schedule has attempts left. Pure.
 */
export function judge(
  profile: Profile,
  schedule: Schedule,
  attempt: { readonly deliveryId: string; readonly number: number },
  answer: Answer,
): Verdict {
  if (answer.kind === 'answered') {
    if (isSuccess(answer.statusCode)) return { kind: 'delivered' };
    if (profile.isFinalAnswer(answer.statusCode)) return { kind: 'failed', reason: 'refused' };
  }
  const next = attempt.number + 1;
  if (next > attemptsInAll(schedule)) return { kind: 'failed', reason: 'exhausted' };
  const retryAfterMs = answer.kind === 'answered' ? answer.retryAfterMs : undefined;
  return { kind: 'retry', delayMs: delayBeforeAttemptMs(schedule, next, attempt.deliveryId, retryAfterMs) };
}

/** Not a redirect although it is a 3xx: it says that nothing has changed (RFC 9110, 15.4.5). */
const NOT_MODIFIED = 304;

/** The attempt's recorded `error`: null for an answer that is not a redirect, else a code with text. */
export function errorOf(answer: Answer): string | null {
  if (answer.kind === 'unanswered') return `${answer.code}: ${answer.text}`;
  const { statusCode } = answer;
  const isRedirect = statusCode >= 300 && statusCode < 400 && statusCode !== NOT_MODIFIED;
  return isRedirect ? `redirect: status ${answer.statusCode}; redirects are never followed` : null;
}

/** Any 2xx is a success, on every profile. */
export function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}
