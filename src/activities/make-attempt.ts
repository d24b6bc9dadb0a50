import { activityInfo } from '@temporalio/activity';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  type ApplicationFailureOptions,
} from '@temporalio/common';
import { Interrupted } from '../delivery/post.js';
import { attemptsInAll, type Schedule } from '../profiles/schedule.js';
import { ATTEMPT_FAILED, DELIVERY_FAILED } from '../workflows/contract.js';
import type { AttemptResult, AttemptsInput, Failed, Retry } from '../workflows/contract.js';
import { beginOrSettle } from './begin-attempt.js';
import { closeWith, withHistory } from './close-delivery.js';
import type { Dependencies } from './dependencies.js';
import { sendAttempt } from './send-attempt.js';
import { workerStops } from './worker-stops.js';

/** What came of an attempt, and whether it was sent just now, or settled by what the log knew. */
type Made = { readonly result: AttemptResult; readonly sent: boolean };

/** The first attempt of an endpoint that answers fast, in the workflow's own task. */
export function makeLocalAttemptActivity(deps: Dependencies) {
  return async ({ deliveryId, schedule, firstAttempt }: AttemptsInput): Promise<AttemptResult> =>
    (await attemptOnce(deps, deliveryId, firstAttempt, schedule, true)).result;
}

/** An attempt that Temporal retries by the schedule's policy. */
export function makeAttemptActivity(deps: Dependencies) {
  return async ({ deliveryId, schedule, firstAttempt }: AttemptsInput): Promise<AttemptResult> => {
    const number = firstAttempt + activityInfo().attempt - 1;
    const { result, sent } = await attemptOnce(deps, deliveryId, number, schedule, false);
    // A retry of what was sent is Temporal's; what the log knew better is the workflow's to follow.
    if (result.kind === 'retry' && sent) throw toBeRetried(result, schedule);
    if (result.kind === 'failed') {
      throw failedForGood(sent ? await withHistory(deps, deliveryId, result) : result);
    }
    return result;
  };
}

async function attemptOnce(
  deps: Dependencies,
  deliveryId: string,
  number: number,
  schedule: Schedule,
  local: boolean,
): Promise<Made> {
  try {
    // Only the local attempt follows directly; what is queued may have had another history meanwhile.
    const ready = local ? deps.ready.take(deliveryId, number) : undefined;
    const beginning = ready ? { begun: ready } : await beginOrSettle(deps, deliveryId, number, schedule);
    if ('begun' in beginning) {
      const options = { local, interruption: workerStops() };
      return { result: await sendAttempt(deps, beginning.begun, schedule, options), sent: true };
    }
    const { settled } = beginning;
    const exhausted = settled.kind === 'retry' && settled.next > attemptsInAll(schedule);
    return { result: exhausted ? await closeWith(deps, deliveryId, 'exhausted') : settled, sent: false };
  } catch (error) {
    // No word of the receiver's: the attempt is not used up, and is made again. If it was sent, the log marks it.
    const interrupted = error instanceof Interrupted;
    const why = interrupted
      ? 'the worker had to stop before the answer came'
      : 'the attempt could not be made';
    deps.logger.warn({ err: interrupted ? undefined : error, delivery_id: deliveryId, attempt: number }, why);
    return { result: { kind: 'unavailable', next: number, why }, sent: false };
  }
}

function toBeRetried(result: Retry, schedule: Schedule) {
  return receiversFailure({
    message: result.last ?? 'failed',
    type: ATTEMPT_FAILED,
    // A geometric schedule is the policy itself, which stays exact after a lost attempt too.
    ...(schedule.kind === 'table' ? { nextRetryDelay: Math.max(1_000, result.delayMs) } : {}),
  });
}

function failedForGood(result: Failed) {
  const last = result.attempts.at(-1)?.answer ?? 'nothing was sent';
  return receiversFailure({
    message: `${result.reason} after attempt ${result.number}: ${last}`,
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
