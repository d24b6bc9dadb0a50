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
  workflowInfo,
} from '@temporalio/workflow';
import { RetryState } from '@temporalio/common';
import type { DeliveryActivities, WorkflowActivities } from '../activities/activities.js';
import { attemptsInAll, toRetryPolicy } from '../profiles/schedule.js';
import {
  ATTEMPT_OVERHEAD_MS,
  DELIVERY_FAILED,
  deliveryQueueOf,
  type AttemptResult,
  type DeliveryResult,
} from './contract.js';
import type { DeliveryProgress } from './event-progress.js';

/** The log's own writes wait for as long as PostgreSQL is away. */
const { recordOutcome, closeDelivery } = proxyActivities<WorkflowActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

const FIRST_LOG_WAIT_MS = 1_000;
const LONGEST_LOG_WAIT_MS = 60_000;

/**
 * Carries one delivery from its first attempt to its end. Cancelling the workflow ends it before the next
 * attempt; an attempt in flight is waited for.
 * @param onChange called when something changed that people may want to see
 */
export async function carryOut(progress: DeliveryProgress, onChange: () => void): Promise<DeliveryResult> {
  let logWait = FIRST_LOG_WAIT_MS;
  try {
    let result = await firstAttempt(progress);
    for (;;) {
      switch (result.kind) {
        case 'delivered':
        case 'failed':
          return ended(progress, result, onChange);
        case 'retry':
          progress.last = result.last;
          result = await later(progress, result.next, result.delayMs, onChange);
          break;
        case 'unavailable':
          result = await later(progress, result.next, logWait, onChange);
          logWait = Math.min(2 * logWait, LONGEST_LOG_WAIT_MS);
          break;
        case 'held':
          result = await whenReleased(progress, result.next, onChange);
          break;
        case 'unrecorded':
          await recordOutcome(result.outcome);
          result = result.outcome.result;
          break;
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const closed = await CancellationScope.nonCancellable(() =>
      closeDelivery(progress.delivery.id, 'cancelled'),
    );
    return ended(progress, closed, onChange);
  }
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
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    // Lost on the way: the log knows whether it was sent, and attempt 1 is marked when it is sent again.
    return attemptsFrom(progress, 1);
  }
}

/** Attempts `number` to the schedule's last as one activity, which Temporal retries by the schedule. */
async function attemptsFrom(progress: DeliveryProgress, number: number): Promise<AttemptResult> {
  const { id, schedule, timeLimitMs } = progress.delivery;
  progress.state = 'sending';
  progress.attempt = number;
  progress.nextAttemptAt = null;
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
      return cause.details?.[0] as AttemptResult;
    }
    if (error.retryState === RetryState.CANCEL_REQUESTED) throw new CancelledFailure('cancelled');
    // The last attempt was lost with its worker: nothing else ends the delivery in the log.
    return closeDelivery(id, 'exhausted');
  }
}

async function later(
  progress: DeliveryProgress,
  number: number,
  delayMs: number,
  onChange: () => void,
): Promise<AttemptResult> {
  progress.state = 'waiting';
  progress.attempt = number;
  progress.nextAttemptAt = Date.now() + delayMs;
  onChange();
  await sleep(delayMs);
  return attemptsFrom(progress, number);
}

async function whenReleased(
  progress: DeliveryProgress,
  number: number,
  onChange: () => void,
): Promise<AttemptResult> {
  progress.state = 'held';
  progress.attempt = number;
  progress.nextAttemptAt = null;
  onChange();
  await condition(() => progress.released);
  progress.released = false;
  return attemptsFrom(progress, number);
}

function ended(progress: DeliveryProgress, result: AttemptResult, onChange: () => void): DeliveryResult {
  if (result.kind !== 'delivered' && result.kind !== 'failed') {
    throw ApplicationFailure.nonRetryable(`a delivery cannot end as "${result.kind}"`);
  }
  progress.state = result.kind;
  progress.attempt = result.number;
  progress.nextAttemptAt = null;
  if (result.kind === 'failed') {
    progress.reason = result.reason;
    progress.attempts = result.attempts;
    progress.last = result.attempts.at(-1)?.answer ?? progress.last;
    onChange();
  }
  return {
    deliveryId: progress.delivery.id,
    endpointId: progress.delivery.endpointId,
    status: result.kind,
    reason: progress.reason,
    attempts: result.number,
  };
}
