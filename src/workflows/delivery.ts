import { CancellationScope, condition, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import { asOf } from './attempted.js';
import { attemptsFrom } from './queued-attempts.js';
import { ATTEMPT_OVERHEAD_MS, type DeliveryResult, type Retry, type Step } from './contract/delivery.js';
import type { DeliveryProgress } from './delivery-progress.js';
import { GrowingPause } from './growing-pause.js';
import { untilDone } from './options.js';
import type { Reopening } from './reopening.js';
import { closed, recorded } from './settled-late.js';
import { timerMs, understood } from './steps.js';

const { closeDelivery, checkDelivery, bringForward } = proxyActivities<WorkflowActivities>(untilDone);

/**
 * Of steps that get a delivery no further: it was held again, or another attempt is the next. The longest is shorter
 * than what a release through an endpoint's limits is good for.
 */
const PAUSES = { free: 2, firstMs: 1_000, longestMs: 30_000 };

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/**
 * Carries one delivery from its first attempt to its end. Cancelling the workflow ends it before the next
 * attempt; an attempt in flight is waited for, and what came of it is recorded.
 * @param reopening writes it anew where the log has lost it
 * @param beforeStep called where the delivery could be left to the next run of its workflow
 * @returns null when it is left to the next run
 */
export async function carryOut(
  progress: DeliveryProgress,
  reopening: Reopening,
  beforeStep: () => void,
): Promise<DeliveryResult | null> {
  const { id } = progress.delivery;
  const pauses = new GrowingPause(PAUSES);
  let furthest = 0;
  /** Milliseconds: none where the delivery has got further since. */
  const pauseBefore = (attempt: number) => {
    if (attempt > furthest) {
      furthest = attempt;
      pauses.reset();
    }
    return pauses.next();
  };
  try {
    let step = await firstStep(progress);
    for (;;) {
      beforeStep();
      if (progress.run.isLeaving && mayBeLeft(step)) {
        progress.putAside({ step, at: Date.now() });
        // Meanwhile it may be told something, or be cancelled.
        await condition(() => progress.run.busy === 0);
        return null;
      }
      switch (step.kind) {
        case 'delivered':
        case 'failed':
          return progress.ended(step);
        case 'retry':
          if (step.mayRepeat) progress.mayRepeat = step.next;
          step = await afterWaiting(progress, step, pauseBefore(step.next));
          break;
        case 'hurried':
          step = await broughtForward(progress);
          break;
        case 'unavailable':
          progress.maybeSent = true;
          progress.waiting(step.next, null, step.why ?? null);
          await checkDelivery(id);
          // What the check does not see must not go round without a pause.
          step = await afterPausing(progress, pauseBefore(step.next), step.next);
          break;
        case 'held':
          step = await afterHold(progress, step, pauseBefore);
          break;
        case 'unrecorded':
          step = await recorded(progress, step.outcome, reopening);
          break;
        case 'not_in_log':
          progress.waiting(step.next, null, 'the log does not know this delivery');
          step = await afterReopening(progress, step.next, pauseBefore(step.next), reopening);
          break;
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return progress.ended(
      await CancellationScope.nonCancellable(() => closed(progress, 'cancelled', reopening)),
    );
  }
}

/** Whether the next run can go on from here: not what is over, and not what only this run has got. */
function mayBeLeft({ kind }: Step): boolean {
  return kind !== 'delivered' && kind !== 'failed' && kind !== 'unrecorded';
}

/** Has the log know the delivery again, and makes its next attempt: marked where it may have been sent before. */
async function afterReopening(
  progress: DeliveryProgress,
  next: number,
  pauseMs: number,
  reopening: Reopening,
): Promise<Step> {
  const known = progress.known({ begun: next - 1, state: 'waiting' });
  // Nobody may know the event's body for days: the run does not stay for it.
  const left = condition(() => progress.run.isLeaving).then(() => null);
  const how = await Promise.race([reopening.untilDone(known), left]);
  if (how === null) return { kind: 'not_in_log', next };
  if (how !== 'reopened') return { kind: 'failed', number: next - 1, reason: 'cancelled', attempts: [] };
  if (next > 1 || progress.maybeSent) progress.mayRepeat = next;
  return afterPausing(progress, pauseMs, next);
}

/** What is to be done first. */
function firstStep(progress: DeliveryProgress): Promise<Step> | Step {
  const { first } = progress.delivery;
  switch (first.kind) {
    case 'queued':
      if (first.delayMs === undefined) return attemptsFrom(progress, 1);
      return { kind: 'retry', next: 1, delayMs: first.delayMs, last: null };
    case 'in_flight':
      return untilAttempted(progress);
    case 'answered':
      return understood(first.step, 1);
    case 'left':
      return understood(first.step, first.attempt);
  }
}

/** What came of the attempt that is under way: the process that has sent it tells, unless it is lost. */
async function untilAttempted(progress: DeliveryProgress): Promise<Step> {
  const limitMs = timerMs(progress.delivery.timeLimitMs + ATTEMPT_OVERHEAD_MS);
  await CancellationScope.nonCancellable(() =>
    condition(() => progress.attempted !== null, limitMs, { summary: 'attempt 1 is in flight' }),
  );
  // The log knows whether a lost one was sent: attempt 1 is marked when it is sent again.
  return progress.attempted ? asOf(Date.now(), progress.attempted) : attemptsFrom(progress, 1);
}

/** Waits for the next attempt's time, unless somebody wants it made before. */
async function afterWaiting(progress: DeliveryProgress, retry: Retry, pauseMs: number): Promise<Step> {
  const waitMs = timerMs(Math.max(retry.delayMs, pauseMs));
  const dueAt = Date.now() + waitMs;
  progress.waiting(retry.next, dueAt, retry.last);
  await condition(() => progress.hurried || progress.run.isLeaving, waitMs, {
    summary: `until attempt ${retry.next}`,
  });
  if (progress.hurried) return { kind: 'hurried' };
  if (progress.run.isLeaving) return { ...retry, delayMs: Math.max(0, dueAt - Date.now()) };
  return attemptsFrom(progress, retry.next);
}

async function afterPausing(progress: DeliveryProgress, pauseMs: number, next: number): Promise<Step> {
  if (pauseMs > 0) {
    const summary = `pause before attempt ${next}`;
    await condition(() => progress.run.isLeaving, timerMs(pauseMs), { summary });
  }
  return attemptsFrom(progress, next);
}

/** Waits for a held delivery's release; it ends when that does not come in time. */
async function afterHold(
  progress: DeliveryProgress,
  hold: Of<'held'>,
  pauseBefore: (attempt: number) => number,
): Promise<Step> {
  progress.held(hold.next);
  const endsAt = Date.now() + hold.forMs;
  await condition(() => progress.released || progress.run.isLeaving, timerMs(hold.forMs), {
    summary: 'held until the endpoint takes deliveries',
  });
  if (progress.released) {
    progress.released = false;
    return afterPausing(progress, pauseBefore(hold.next), hold.next);
  }
  if (progress.run.isLeaving) return { ...hold, forMs: Math.max(0, endsAt - Date.now()) };
  const ended = await CancellationScope.nonCancellable(() => closeDelivery(progress.delivery.id, 'expired'));
  // What the log does not know it cannot have released: the next attempt finds out.
  return ended.kind === 'not_in_log' ? { ...ended, next: hold.next } : ended;
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
