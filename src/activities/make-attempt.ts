import { activityInfo, cancellationSignal } from '@temporalio/activity';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  type ApplicationFailureOptions,
} from '@temporalio/common';
import { Interrupted } from '../delivery/post.js';
import type { Schedule } from '../profiles/schedule.js';
import { ATTEMPT_FAILED, DELIVERY_FAILED } from '../workflows/contract.js';
import type { AttemptResult, AttemptsInput } from '../workflows/contract.js';
import { beginOrSettle } from './begin-attempt.js';
import type { Dependencies } from './dependencies.js';
import { failedWithHistory } from './close-delivery.js';
import { sendAttempt } from './send-attempt.js';

/** The first attempt of an endpoint that answers fast, in the workflow's own task. */
export function makeLocalAttemptActivity(deps: Dependencies) {
  return ({ deliveryId, schedule, firstAttempt }: AttemptsInput): Promise<AttemptResult> =>
    attemptOnce(deps, deliveryId, firstAttempt, schedule, true);
}

/** An attempt that Temporal retries by the schedule's policy. */
export function makeAttemptActivity(deps: Dependencies) {
  return async ({ deliveryId, schedule, firstAttempt }: AttemptsInput): Promise<AttemptResult> => {
    const number = firstAttempt + activityInfo().attempt - 1;
    const result = await attemptOnce(deps, deliveryId, number, schedule, false);
    // A retry that follows directly is Temporal's; one that skips or repeats a number is the workflow's.
    if (result.kind === 'retry' && result.next === number + 1) throw toBeRetried(result, schedule);
    if (result.kind === 'failed') throw failedForGood(await failedWithHistory(deps, deliveryId, result));
    return result;
  };
}

async function attemptOnce(
  deps: Dependencies,
  deliveryId: string,
  number: number,
  schedule: Schedule,
  local: boolean,
): Promise<AttemptResult> {
  try {
    const ready = deps.ready.take(deliveryId, number);
    const begun = ready ? { ready } : await beginOrSettle(deps, deliveryId, number);
    if ('settled' in begun) return begun.settled;
    return await sendAttempt(deps, begun.ready, schedule, { local, interruption: cancellationSignal() });
  } catch (error) {
    // No word of the receiver's: the attempt is not used up, and is made again. If it was sent, the log marks it.
    const interrupted = error instanceof Interrupted;
    deps.logger.warn(
      { err: interrupted ? undefined : error, delivery_id: deliveryId, attempt: number },
      interrupted ? 'an attempt was cut off by the end of its worker' : 'an attempt could not be made',
    );
    return { kind: 'unavailable', next: number };
  }
}

function toBeRetried(result: Extract<AttemptResult, { kind: 'retry' }>, schedule: Schedule) {
  return receiversFailure({
    message: result.last ?? 'failed',
    type: ATTEMPT_FAILED,
    // A geometric schedule is the policy itself, which stays exact after a lost attempt too.
    ...(schedule.kind === 'table' ? { nextRetryDelay: Math.max(1_000, result.delayMs) } : {}),
  });
}

function failedForGood(result: Extract<AttemptResult, { kind: 'failed' }>) {
  return receiversFailure({
    message: `${result.reason} after attempt ${result.number}: ${result.attempts.at(-1)?.answer ?? 'nothing was sent'}`,
    type: DELIVERY_FAILED,
    nonRetryable: true,
    details: [result],
  });
}

/** A failure that is a receiver's: no warning in the log, no stack of ours in the history. */
function receiversFailure(options: ApplicationFailureOptions): ApplicationFailure {
  const failure = ApplicationFailure.create({ ...options, category: ApplicationFailureCategory.BENIGN });
  failure.stack = '';
  return failure;
}
