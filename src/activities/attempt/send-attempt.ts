import { profileById } from '../../profiles/index.js';
import type { Attempt } from '../../domain/attempt.js';
import type { Schedule } from '../../domain/schedule.js';
import { errorOf, judge, type Answer, type Verdict } from '../../delivery/outcome.js';
import { confidentialIn } from '../../delivery/confidential.js';
import type { DeliveryChange, Recorded } from '../../store/attempts/attempts.js';
import type { BegunAttempt } from '../../store/attempts/begin-attempt.js';
import { healthRuleFor } from '../../domain/health-rule.js';
import { afterEnd } from './after-end.js';
import type { AttemptResult, UnrecordedOutcome } from '../../workflows/contract/delivery.js';
import type { Dependencies } from '../dependencies.js';
import { beginOrSettle } from './begin-attempt.js';
import { summaryOf } from './attempt-summary.js';
import { unsealed } from '../../store/secrets/unsealed.js';
import { requestHeaders } from '../../delivery/request-headers.js';
import { withinLogPatience } from './log-patience.js';

/**
 * Signs, sends and records one attempt that is recorded as begun.
 * @throws Interrupted when the worker must stop before the answer has come
 */
export async function sendAttempt(
  deps: Dependencies,
  attempt: BegunAttempt,
  schedule: Schedule,
  interruption: AbortSignal,
): Promise<AttemptResult> {
  const profile = profileById(attempt.profileId);
  const startedAt = deps.now();
  const own = unsealed(deps.sealer, attempt, startedAt);
  const post = {
    url: attempt.url,
    headers: requestHeaders(profile, { ...attempt, isTest: attempt.trigger === 'test' }, own, startedAt),
    confidential: confidentialIn(own.secrets, own.headers),
    body: attempt.body,
    timeLimitMs: profile.timeLimitMs,
    interruption,
  };
  const answer = await deps.speed.watch(
    attempt.endpointId,
    () => deps.post(post),
    ({ kind }) => kind === 'answered',
  );
  const verdict = beforeExpiry(judge(profile, schedule, attempt, answer), attempt.expiresAt, deps.now());
  const ended: Attempt = {
    number: attempt.number,
    startedAt,
    durationMs: answer.durationMs,
    statusCode: answer.kind === 'answered' ? answer.statusCode : null,
    error: errorOf(answer),
    slow: isSlow(answer, profile.slowAfterMs),
    possiblyRepeated: attempt.possiblyRepeated || answer.possiblyRepeated === true,
    responseBody: answer.kind === 'answered' ? answer.body : null,
  };
  const nextAttemptAt = verdict.kind === 'retry' ? new Date(deps.now().getTime() + verdict.delayMs) : null;
  logAttempt(deps, attempt, ended, verdict, nextAttemptAt);

  const result = resultOf(ended, verdict);
  const rule = healthRuleFor(profile, attempt.settings);
  let recorded: Recorded;
  try {
    recorded = await withinLogPatience(
      deps.log.record({
        deliveryId: attempt.deliveryId,
        attempt: ended,
        change: { ...changeBy(result, nextAttemptAt), ...(nextAttemptAt && { schedule }) },
        rule,
      }),
    );
  } catch (error) {
    deps.logger.warn({ err: error, delivery_id: attempt.deliveryId }, 'could not record an outcome yet');
    return { kind: 'unrecorded', outcome: unrecorded(attempt.deliveryId, ended, result, nextAttemptAt) };
  }
  const { appId, deliveryId: id, number } = attempt;
  deps.changes.tell({ kind: 'attempt', appId, id, number });
  if (result.kind === 'retry') return result;
  // The delivery went on without this attempt. PostgreSQL says how.
  if (!recorded.changed) {
    const standing = await standingNow(deps, attempt, schedule);
    if (standing.kind !== 'not_in_log') return standing;
    // The log has lost the delivery meanwhile: what came of it is written when it is there again.
    return { kind: 'unrecorded', outcome: unrecorded(attempt.deliveryId, ended, result, nextAttemptAt) };
  }
  await afterEnd(deps, attempt, result, recorded.health);
  return result;
}

/** What remains to do for a delivery that another attempt has carried on or ended. */
async function standingNow(
  deps: Dependencies,
  attempt: BegunAttempt,
  schedule: Schedule,
): Promise<AttemptResult> {
  // Beginning an attempt that is not the next one only returns the delivery's state.
  const beginning = await beginOrSettle(deps, attempt.deliveryId, attempt.number, schedule);
  if ('settled' in beginning) return beginning.settled;
  return {
    kind: 'unavailable',
    next: attempt.number,
    why: 'another attempt of this delivery was in progress',
  };
}

/** A retry that would come after the event's expiry is none: the delivery has failed for that. */
function beforeExpiry(verdict: Verdict, expiresAt: Date | null, now: Date): Verdict {
  const comesTooLate =
    verdict.kind === 'retry' && expiresAt !== null && now.getTime() + verdict.delayMs >= expiresAt.getTime();
  return comesTooLate ? { kind: 'failed', reason: 'expired' } : verdict;
}

/** How an outcome changes its delivery. */
export function changeBy(result: UnrecordedOutcome['result'], nextAttemptAt: Date | null): DeliveryChange {
  return {
    status: result.kind === 'delivered' ? 'delivered' : 'failed',
    reason: result.kind === 'failed' ? result.reason : null,
    nextAttemptAt,
  };
}

function isSlow(answer: Answer, slowAfterMs: number | null): boolean {
  return answer.kind === 'answered' && slowAfterMs !== null && answer.durationMs > slowAfterMs;
}

function resultOf(attempt: Attempt, verdict: Verdict): UnrecordedOutcome['result'] {
  const { number } = attempt;
  switch (verdict.kind) {
    case 'delivered':
      return { kind: 'delivered', number, statusCode: attempt.statusCode };
    case 'failed':
      return { kind: 'failed', number, reason: verdict.reason, attempts: [summaryOf(attempt)] };
    case 'retry':
      return {
        kind: 'retry',
        next: number + 1,
        delayMs: verdict.delayMs,
        last: summaryOf(attempt).answer,
      };
  }
}

function unrecorded(
  deliveryId: string,
  attempt: Attempt,
  result: UnrecordedOutcome['result'],
  nextAttemptAt: Date | null,
): UnrecordedOutcome {
  return {
    deliveryId,
    attempt: { ...attempt, startedAt: attempt.startedAt.toISOString() },
    result,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
  };
}

/** The one line that the process prints for each attempt. */
function logAttempt(
  deps: Dependencies,
  attempt: BegunAttempt,
  ended: Attempt,
  verdict: Verdict,
  nextAttemptAt: Date | null,
): void {
  deps.logger.info(
    {
      app_id: attempt.appId,
      event_id: attempt.eventId,
      event_type: attempt.eventType,
      delivery_id: attempt.deliveryId,
      webhook_id: attempt.endpointId,
      trigger: attempt.trigger,
      attempt: ended.number,
      status_code: ended.statusCode,
      error: ended.error,
      duration_ms: ended.durationMs,
      slow: ended.slow,
      possibly_repeated: ended.possiblyRepeated,
      verdict: verdict.kind,
      reason: verdict.kind === 'failed' ? verdict.reason : undefined,
      next_attempt_at: nextAttemptAt,
    },
    'attempt',
  );
}
