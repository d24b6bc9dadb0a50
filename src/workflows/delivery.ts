import { RetryState } from '@temporalio/common';
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeliveryActivities, WorkflowActivities } from '../activities/activities.js';
import { attemptsInAll, toRetryPolicy } from '../profiles/schedule.js';
import {
  ATTEMPT_OVERHEAD_MS,
  DELIVERY_FAILED,
  deliveryQueueOf,
  type AttemptResult,
  type DeliveryResult,
  type Ended,
  type Failed,
  type Retry,
  type UnrecordedOutcome,
} from './contract.js';
import type { DeliveryProgress } from './event-progress.js';
import { untilDone } from './options.js';

const { recordOutcome, closeDelivery, concludeLost, checkDelivery } =
  proxyActivities<WorkflowActivities>(untilDone);

const LONGEST_PAUSE_MS = 60_000;

/**
 * Carries one delivery from its first attempt to its end. Cancelling the workflow ends it before the next
 * attempt; an attempt in flight is waited for, and what came of it is recorded.
 */
export async function carryOut(progress: DeliveryProgress): Promise<DeliveryResult> {
  const { id } = progress.delivery;
  let pauseMs = 0;
  try {
    let result = await firstAttempt(progress);
    for (;;) {
      switch (result.kind) {
        case 'delivered':
        case 'failed':
          return progress.ended(result);
        case 'retry':
          progress.waiting(result.next, Date.now() + result.delayMs, result.last);
          await sleep(result.delayMs);
          result = await attemptsFrom(progress, result.next);
          break;
        case 'unavailable':
          progress.waiting(result.next, null, result.why);
          await checkDelivery(id);
          // What the check does not see must not go round without a pause.
          if (pauseMs > 0) await sleep(pauseMs);
          pauseMs = Math.min(Math.max(1_000, 2 * pauseMs), LONGEST_PAUSE_MS);
          result = await attemptsFrom(progress, result.next);
          break;
        case 'held':
          progress.held(result.next);
          await condition(() => progress.released);
          progress.released = false;
          result = await attemptsFrom(progress, result.next);
          break;
        case 'unrecorded':
          result = await recorded(result.outcome);
          break;
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return progress.ended(await nonCancellable(() => closeDelivery(id, 'cancelled')));
  }
}

const nonCancellable = <T>(work: () => Promise<T>) => CancellationScope.nonCancellable(work);

/** Writes down late what is known; the time until the next attempt has been running meanwhile. */
async function recorded(outcome: UnrecordedOutcome): Promise<Ended | Retry> {
  await nonCancellable(() => recordOutcome(outcome));
  const { result, nextAttemptAt } = outcome;
  if (result.kind !== 'retry' || nextAttemptAt === null) return result;
  return { ...result, delayMs: Math.max(0, Date.parse(nextAttemptAt) - Date.now()) };
}

/** Attempt 1, in the workflow's own task for an endpoint that has earned it. */
async function firstAttempt(progress: DeliveryProgress): Promise<AttemptResult> {
  const { id, schedule, timeLimitMs, firstAttempt: place } = progress.delivery;
  if (place === 'queued') return attemptsFrom(progress, 1);
  const { makeLocalAttempt } = proxyLocalActivities<WorkflowActivities>({
    startToCloseTimeout: timeLimitMs + ATTEMPT_OVERHEAD_MS,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  try {
    return await makeLocalAttempt({ deliveryId: id, schedule, firstAttempt: 1 });
  } catch (error) {
    // A local activity's failure comes as it is, not as an ActivityFailure.
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    // Lost on the way: the log knows whether it was sent, and attempt 1 is marked when it is sent again.
    return attemptsFrom(progress, 1);
  }
}

/** Attempts `number` to the schedule's last as one activity, which Temporal retries by the schedule. */
async function attemptsFrom(progress: DeliveryProgress, number: number): Promise<AttemptResult> {
  const { id, schedule, timeLimitMs } = progress.delivery;
  progress.sending(number);
  const last = attemptsInAll(schedule);
  const { makeAttempt } = proxyActivities<DeliveryActivities>({
    taskQueue: deliveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: timeLimitMs + ATTEMPT_OVERHEAD_MS,
    retry: toRetryPolicy(schedule, number),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: number === last ? `attempt ${number}` : `attempts ${number} to ${last}`,
  });
  try {
    return await makeAttempt({ deliveryId: id, schedule, firstAttempt: number });
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const { cause } = error;
    if (cause instanceof ApplicationFailure && cause.type === DELIVERY_FAILED) {
      return cause.details?.[0] as Failed;
    }
    if (error.retryState === RetryState.CANCEL_REQUESTED) throw new CancelledFailure('cancelled');
    // The last attempt was lost with its worker: only the log can tell what is left to do.
    return nonCancellable(() => concludeLost(id, last));
  }
}
