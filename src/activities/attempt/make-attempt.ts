import { activityInfo } from '@temporalio/activity';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  type ApplicationFailureOptions,
} from '@temporalio/common';
import { attemptsInAll, type Schedule } from '../../domain/schedule.js';
import { ATTEMPT_FAILED, DELIVERY_FAILED } from '../../workflows/contract.js';
import type { AttemptResult, AttemptsInput, Failed, Retry } from '../../workflows/contract.js';
import { beginOrSettle, holdCrowded, withNext } from './begin-attempt.js';
import { closeWith, withHistory } from './close-delivery.js';
import type { Dependencies } from '../dependencies.js';
import { sendAttempt } from './send-attempt.js';
import { orUnavailable } from './unavailable.js';
import { workerStops } from '../lib/worker-stops.js';

/** The outcome of an attempt, and whether it was sent just now or PostgreSQL already knew it. */
type Made = { readonly result: AttemptResult; readonly sent: boolean };

/** An attempt that Temporal retries by the schedule's policy. */
export function makeAttemptActivity(deps: Dependencies) {
  return async ({
    deliveryId,
    endpointId,
    schedule,
    firstAttempt,
    mayRepeat,
  }: AttemptsInput): Promise<AttemptResult> => {
    const number = firstAttempt + activityInfo().attempt - 1;
    const isMarked = mayRepeat === true && number === firstAttempt;
    if (deps.shares.isFull(endpointId)) {
      const held = await holdCrowded(deps, deliveryId, endpointId, number);
      if (held) return held;
    }
    const { result, sent } = await deps.shares.count(endpointId, () =>
      attemptOnce(deps, deliveryId, number, schedule, isMarked),
    );
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
  mayRepeat: boolean,
): Promise<Made> {
  const made = await orUnavailable(
    deps,
    { deliveryId, number },
    beginAndSend(deps, deliveryId, number, schedule, mayRepeat),
  );
  return 'result' in made ? made : { result: made, sent: false };
}

async function beginAndSend(
  deps: Dependencies,
  deliveryId: string,
  number: number,
  schedule: Schedule,
  mayRepeat: boolean,
): Promise<Made> {
  const beginning = await beginOrSettle(deps, deliveryId, number, schedule, { mayRepeat });
  if ('begun' in beginning) {
    return { result: await sendAttempt(deps, beginning.begun, schedule, workerStops()), sent: true };
  }
  const { settled } = beginning;
  const exhausted = settled.kind === 'retry' && settled.next > attemptsInAll(schedule);
  return {
    result: exhausted ? withNext(await closeWith(deps, deliveryId, 'exhausted'), number) : settled,
    sent: false,
  };
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

/** A failure of the receiver: it logs no warning and leaves no stack trace in the history. */
function receiversFailure(options: ApplicationFailureOptions): ApplicationFailure {
  const failure = ApplicationFailure.create({ ...options, category: ApplicationFailureCategory.BENIGN });
  failure.stack = '';
  return failure;
}
