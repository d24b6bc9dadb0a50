import { RetryState } from '@temporalio/common';
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  patched,
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
  type Failed,
  type Retry,
} from './contract.js';
import { asOf } from './attempted.js';
import type { DeliveryProgress } from './event-progress.js';
import { untilDone } from './options.js';
import type { Reopening } from './reopening.js';
import { closed, recorded } from './settled-late.js';

const { closeDelivery, concludeLost, checkDelivery, bringForward } =
  proxyActivities<WorkflowActivities>(untilDone);

const LONGEST_PAUSE_MS = 60_000;

/** What carries a delivery on: what came of an attempt, or the wish for the next. */
type Step = AttemptResult | { readonly kind: 'hurried' };

/**
 * Carries one delivery from its first attempt to its end. Cancelling the workflow ends it before the next
 * attempt; an attempt in flight is waited for, and what came of it is recorded.
 * @param reopening writes it anew where the log has lost it
 */
export async function carryOut(progress: DeliveryProgress, reopening: Reopening): Promise<DeliveryResult> {
  const { id, notBefore, first } = progress.delivery;
  let pauseMs = 0;
  try {
    let result: Step =
      notBefore === undefined ? (first ?? (await firstAttempt(progress))) : scheduled(notBefore);
    for (;;) {
      switch (result.kind) {
        case 'delivered':
        case 'failed':
          return progress.ended(result);
        case 'retry':
          if (result.mayRepeat) progress.mayRepeat = result.next;
          progress.waiting(result.next, Date.now() + result.delayMs, result.last);
          result = (await untilHurried(progress, result.delayMs))
            ? await broughtForward(progress)
            : await attemptsFrom(progress, result.next);
          break;
        case 'hurried':
          result = await broughtForward(progress);
          break;
        case 'unavailable':
          progress.maybeSent = true;
          progress.waiting(result.next, null, result.why ?? null);
          // The first builds of v0.1, which gave no reason, only waited.
          if (result.why === undefined) pauseMs = Math.max(1_000, pauseMs);
          else await checkDelivery(id);
          // What the check does not see must not go round without a pause.
          if (pauseMs > 0) await sleep(pauseMs);
          pauseMs = Math.min(Math.max(1_000, 2 * pauseMs), LONGEST_PAUSE_MS);
          result = await attemptsFrom(progress, result.next);
          break;
        case 'held':
          progress.held(result.next);
          if (await untilReleased(progress, result.expiresAt)) {
            result = await attemptsFrom(progress, result.next);
          } else {
            const closed = await nonCancellable(() => closeDelivery(id, 'expired'));
            // What the log does not know it cannot have released: the next attempt finds out.
            result = closed.kind === 'not_in_log' ? { ...closed, next: result.next } : closed;
          }
          break;
        case 'unrecorded':
          result = await recorded(progress, result.outcome, reopening);
          break;
        case 'not_in_log':
          progress.waiting(result.next, null, 'the log does not know this delivery');
          if (pauseMs > 0) await sleep(pauseMs);
          pauseMs = Math.min(Math.max(1_000, 2 * pauseMs), LONGEST_PAUSE_MS);
          result = await reopened(progress, result.next, reopening);
          break;
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return progress.ended(await nonCancellable(() => closed(progress, 'cancelled', reopening)));
  }
}

/** Has the log know the delivery again, and makes its next attempt: marked where it may have been sent before. */
async function reopened(progress: DeliveryProgress, next: number, reopening: Reopening): Promise<Step> {
  const how = await reopening.untilDone(progress.known({ begun: next - 1, state: 'waiting' }));
  if (how !== 'reopened') return { kind: 'failed', number: next - 1, reason: 'cancelled', attempts: [] };
  if (next > 1 || progress.maybeSent) progress.mayRepeat = next;
  return attemptsFrom(progress, next);
}

/** The first attempt when it is not due yet. */
function scheduled(notBefore: string): Retry {
  return { kind: 'retry', next: 1, delayMs: Math.max(0, Date.parse(notBefore) - Date.now()), last: null };
}

/** Waits for the next attempt's time; true when somebody wants it made before. */
async function untilHurried(progress: DeliveryProgress, delayMs: number): Promise<boolean> {
  return condition(() => progress.hurried, Math.max(1, delayMs));
}

/** Waits for a held delivery's release; false when that did not come in time. */
async function untilReleased(progress: DeliveryProgress, expiresAt: string | undefined): Promise<boolean> {
  const released = () => progress.released;
  // v0.1 and v0.2 held without an end.
  if (expiresAt !== undefined && patched('holds-expire')) {
    const inTime = await condition(released, Math.max(1, Date.parse(expiresAt) - Date.now()));
    if (!inTime) return false;
  } else {
    await condition(released);
  }
  progress.released = false;
  return true;
}

/** The next attempt at once, whatever its time was: the log knows its number, or that the delivery has ended. */
async function broughtForward(progress: DeliveryProgress): Promise<Step> {
  progress.hurried = false;
  const next = await bringForward(progress.delivery.id);
  switch (next.kind) {
    case 'retry':
      return attemptsFrom(progress, next.next);
    case 'not_in_log':
      return { ...next, next: progress.attempt };
    case 'delivered':
    case 'failed':
      return next;
  }
}

const nonCancellable = <T>(work: () => Promise<T>) => CancellationScope.nonCancellable(work);

/** Attempt 1, unless it was made with the opening and had its answer soon. */
function firstAttempt(progress: DeliveryProgress): Promise<Step> {
  switch (progress.delivery.firstAttempt) {
    case 'queued':
      return queuedAttempt(progress);
    case 'under_way':
      return untilAttempted(progress);
    case 'local':
      return localAttempt(progress);
  }
}

/** Async for its turns alone: by them histories up to v0.5 have the commands of several deliveries in their order. */
async function queuedAttempt(progress: DeliveryProgress): Promise<Step> {
  return attemptsFrom(progress, 1);
}

/** What came of the attempt that is under way: the process that has sent it tells, unless it is lost. */
async function untilAttempted(progress: DeliveryProgress): Promise<Step> {
  const limitMs = progress.delivery.timeLimitMs + ATTEMPT_OVERHEAD_MS;
  await nonCancellable(() => condition(() => progress.attempted !== null, limitMs));
  // The log knows whether a lost one was sent: attempt 1 is marked when it is sent again.
  return progress.attempted ? asOf(Date.now(), progress.attempted) : attemptsFrom(progress, 1);
}

/** As up to v0.5: made, or waited for, in the workflow's own task. */
async function localAttempt(progress: DeliveryProgress): Promise<Step> {
  const { id, schedule, timeLimitMs } = progress.delivery;
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
async function attemptsFrom(progress: DeliveryProgress, number: number): Promise<Step> {
  const { id, endpointId, schedule, timeLimitMs } = progress.delivery;
  progress.sending(number);
  const mayRepeat = progress.mayRepeat === number;
  const last = attemptsInAll(schedule);
  const { makeAttempt } = proxyActivities<DeliveryActivities>({
    taskQueue: deliveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: timeLimitMs + ATTEMPT_OVERHEAD_MS,
    retry: toRetryPolicy(schedule, number),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: number === last ? `attempt ${number}` : `attempts ${number} to ${last}`,
  });
  // Who wants the next attempt now ends the waiting for it; an attempt in flight is waited for.
  const waiting = new CancellationScope();
  progress.onHurry = () => waiting.cancel();
  try {
    return await waiting.run(() =>
      makeAttempt({
        deliveryId: id,
        schedule,
        firstAttempt: number,
        endpointId,
        ...(mayRepeat ? { mayRepeat } : {}),
      }),
    );
  } catch (error) {
    const { cause } = error instanceof ActivityFailure ? error : {};
    if (cause instanceof ApplicationFailure && cause.type === DELIVERY_FAILED) {
      return cause.details?.[0] as Failed;
    }
    if (progress.hurried && !CancellationScope.current().consideredCancelled) return { kind: 'hurried' };
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    if (error.retryState === RetryState.CANCEL_REQUESTED) throw new CancelledFailure('cancelled');
    // The last attempt was lost with its worker: only the log can tell what is left to do.
    const concluded = await nonCancellable(() => concludeLost(id, last));
    return concluded.kind === 'not_in_log' ? { ...concluded, next: last } : concluded;
  } finally {
    progress.onHurry = null;
  }
}
