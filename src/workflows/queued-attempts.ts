import { RetryState } from '@temporalio/common';
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeliveryActivities, WorkflowActivities } from './activity-types.js';
import { attemptsInAll, toRetryPolicy } from '../domain/schedule.js';
import {
  ATTEMPT_OVERHEAD_MS,
  DELIVERY_FAILED,
  type AttemptResult,
  type Retry,
  type Step,
} from './contract/delivery.js';
import { deliveryQueueOf } from './contract/queues.js';
import type { DeliveryProgress } from './delivery-progress.js';
import { untilDone } from './options.js';
import { failedOrNull, timerMs, understood } from './steps.js';

const { closeDelivery, concludeLost } = proxyActivities<WorkflowActivities>(untilDone);

/** Attempts `number` to the schedule's last as one activity, which Temporal retries by the schedule. */
export async function attemptsFrom(progress: DeliveryProgress, number: number): Promise<Step> {
  const repeated = progress.mayRepeat === number ? ({ mayRepeat: true } as const) : {};
  const again: Retry = { kind: 'retry', next: number, delayMs: 0, last: null, ...repeated };
  if (progress.run.isLeaving) return again;
  const { id, endpointId, host, schedule, timeLimitMs } = progress.delivery;
  progress.sending(number);
  const last = Math.max(number, attemptsInAll(schedule));
  const { makeAttempt } = proxyActivities<DeliveryActivities>({
    taskQueue: deliveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: timerMs(timeLimitMs + ATTEMPT_OVERHEAD_MS),
    retry: toRetryPolicy(schedule, number),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `${number === last ? `attempt ${number}` : `attempts ${number}–${last}`} to ${host ?? 'nowhere'}`,
  });
  // Who wants the next attempt now ends the waiting for it; an attempt in flight is waited for.
  const waiting = new CancellationScope();
  progress.onWish = () => waiting.cancel();
  try {
    const result: AttemptResult = await waiting.run(() =>
      makeAttempt({
        deliveryId: id,
        endpointId,
        schedule,
        firstAttempt: number,
        ...repeated,
      }),
    );
    return understood(result, number);
  } catch (error) {
    const { cause } = error instanceof ActivityFailure ? error : {};
    if (cause instanceof ApplicationFailure && cause.type === DELIVERY_FAILED) {
      const failed = failedOrNull(cause.details?.[0]);
      if (failed) return failed;
      // Without them the log knows.
      const ended = await CancellationScope.nonCancellable(() => closeDelivery(id, 'exhausted'));
      return ended.kind === 'not_in_log' ? { ...ended, next: number } : ended;
    }
    const isWanted = !CancellationScope.current().consideredCancelled;
    if (progress.hurried && isWanted) return { kind: 'hurried' };
    if (progress.run.isLeaving && isWanted) return again;
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    if (error.retryState === RetryState.CANCEL_REQUESTED) throw new CancelledFailure('cancelled');
    // The last attempt was lost with its worker: only the log can tell what is left to do.
    const concluded = await CancellationScope.nonCancellable(() => concludeLost(id, last));
    return concluded.kind === 'not_in_log' ? { ...concluded, next: last } : concluded;
  } finally {
    progress.onWish = null;
  }
}
