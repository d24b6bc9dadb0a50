import { activityInfo } from '@temporalio/activity';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  type ApplicationFailureOptions,
} from '@temporalio/common';
import { attemptsInAll, type Schedule } from '../../domain/schedule.js';
import {
  ATTEMPT_FAILED,
  DELIVERY_FAILED,
  type AttemptResult,
  type AttemptsInput,
  type Failed,
  type Retry,
} from '../../workflows/contract/delivery.js';
import { beginOrSettle, holdCrowded, withNext } from './begin-attempt.js';
import { closeWith, withHistory } from './close-delivery.js';
import type { Dependencies } from '../dependencies.js';
import { sendAttempt } from './send-attempt.js';
import { orUnavailable } from './unavailable.js';
import { workerStops } from '../lib/worker-stops.js';

/** The attempt that this try of the activity makes. */
interface Wanted {
  readonly deliveryId: string;
  readonly number: number;
  readonly schedule: Schedule;
  /** It may have been sent before, and the log does not know it. */
  readonly mayRepeat: boolean;
}

/** The outcome of an attempt, and whether it was sent just now or PostgreSQL already knew it. */
interface Made {
  readonly result: AttemptResult;
  readonly sent: boolean;
}

/** An attempt that Temporal retries by the schedule's policy. */
export function makeAttemptActivity(deps: Dependencies) {
  return async (input: AttemptsInput): Promise<AttemptResult> => {
    const { deliveryId, endpointId, schedule, firstAttempt } = input;
    const number = firstAttempt + activityInfo().attempt - 1;
    const mayRepeat = input.mayRepeat === true && number === firstAttempt;
    const wanted = { deliveryId, number, schedule, mayRepeat };
    if (deps.shares.isFull(endpointId)) {
      const held = await holdCrowded(deps, deliveryId, endpointId, number);
      if (held) return held;
    }
    const { result, sent } = await deps.shares.count(endpointId, async (): Promise<Made> => {
      const made = await orUnavailable(deps, wanted, beginAndSend(deps, wanted));
      return 'result' in made ? made : { result: made, sent: false };
    });
    // A retry of what was sent is Temporal's; what the log knew better is the workflow's to follow.
    if (result.kind === 'retry' && sent) throw toBeRetried(result, schedule);
    if (result.kind === 'failed') {
      throw failedForGood(sent ? await withHistory(deps, deliveryId, result) : result);
    }
    return result;
  };
}

async function beginAndSend(
  deps: Dependencies,
  { deliveryId, number, schedule, mayRepeat }: Wanted,
): Promise<Made> {
  const beginning = await beginOrSettle(deps, deliveryId, number, schedule, { mayRepeat });
  if ('begun' in beginning) {
    return { result: await sendAttempt(deps, beginning.begun, schedule, workerStops()), sent: true };
  }
  const { settled } = beginning;
  const isExhausted = settled.kind === 'retry' && settled.next > attemptsInAll(schedule);
  return {
    result: isExhausted ? withNext(await closeWith(deps, deliveryId, 'exhausted'), number) : settled,
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
