import type { AttemptResult, Failed, OpenDelivery, Step } from './contract/delivery.js';

/**
 * The arithmetic on what carries a delivery on. Pure and total: whatever an activity or a signal gives, nothing here
 * throws, because what is thrown in a workflow that is no `TemporalFailure` fails its task for ever.
 */

/** Timers of Temporal end somewhere; nothing waits for longer than this many milliseconds at once. */
const LONGEST_TIMER_MS = 10 * 365 * 86_400_000;

/** A wait as a timer takes it: 1 ms at least. What is no number is no reason to wait. */
export function timerMs(milliseconds: number): number {
  return milliseconds > 1 ? Math.min(Math.ceil(milliseconds), LONGEST_TIMER_MS) : 1;
}

/**
 * The step as it is given, if it is one; else the wish to make attempt `number` after a look at the log, which knows.
 * @param given what came from outside of the workflow
 */
export function understood(given: unknown, number: number): Step {
  return isStep(given) ? given : { kind: 'unavailable', next: number, why: 'its outcome was not understood' };
}

/** The failure that ends a delivery; null for anything else. */
export function failedOrNull(given: unknown): Failed | null {
  const step = isStep(given) ? given : null;
  return step?.kind === 'failed' ? step : null;
}

function isStep(given: unknown): given is Step {
  if (typeof given !== 'object' || given === null) return false;
  const step = given as { readonly [Name in keyof AllMembers]?: unknown };
  switch (step.kind as Step['kind']) {
    case 'delivered':
      return isCount(step.number);
    case 'failed':
      return isCount(step.number) && typeof step.reason === 'string' && Array.isArray(step.attempts);
    case 'retry':
      return isCount(step.next) && typeof step.delayMs === 'number';
    case 'held':
      return isCount(step.next) && typeof step.forMs === 'number';
    case 'unavailable':
    case 'not_in_log':
      return isCount(step.next);
    case 'unrecorded':
      return typeof step.outcome === 'object' && step.outcome !== null;
    case 'hurried':
      return true;
  }
  // No kind of step: anybody may send a signal.
  return false;
}

type AllMembers = Record<
  'kind' | 'number' | 'reason' | 'attempts' | 'next' | 'delayMs' | 'forMs' | 'outcome',
  unknown
>;

const isCount = (given: unknown) => typeof given === 'number' && Number.isSafeInteger(given) && given >= 0;

/** A step after `elapsedMs`: what it waits for has come nearer. */
export function after(elapsedMs: number, step: AttemptResult): AttemptResult;
export function after(elapsedMs: number, step: Step): Step;
export function after(elapsedMs: number, step: Step): Step {
  const left = (milliseconds: number) => Math.max(0, milliseconds - Math.max(0, elapsedMs));
  switch (step.kind) {
    case 'retry':
      return { ...step, delayMs: left(step.delayMs) };
    case 'held':
      return { ...step, forMs: left(step.forMs) };
    case 'delivered':
    case 'failed':
    case 'unavailable':
    case 'not_in_log':
    case 'unrecorded':
    case 'hurried':
      return step;
  }
}

/** A delivery that was put aside for the next run of its workflow. */
export interface PutAside {
  readonly step: Step;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** What a run knows of a delivery that it leaves. */
export interface LeftDelivery {
  readonly delivery: OpenDelivery;
  readonly aside: PutAside;
  /** The attempt that comes next. */
  readonly attempt: number;
  /** The attempt that may have been sent before without the log's knowing. */
  readonly mayRepeat: number | null;
  /** What it was told since it was put aside. */
  readonly released: boolean;
  readonly hurried: boolean;
}

/** The delivery as the next run carries it on. */
export function carriedOn(
  { delivery, aside, attempt, mayRepeat, ...told }: LeftDelivery,
  now: number,
): OpenDelivery {
  const { mayRepeat: _before, ...kept } = delivery;
  const step = nextStep(after(now - aside.at, aside.step), told);
  return { ...kept, first: { kind: 'left', step, attempt }, ...(mayRepeat === null ? {} : { mayRepeat }) };
}

function nextStep(step: Step, { released, hurried }: { released: boolean; hurried: boolean }): Step {
  if (step.kind === 'held' && released) return { kind: 'retry', next: step.next, delayMs: 0, last: null };
  return hurried && (step.kind === 'retry' || step.kind === 'unavailable') ? { kind: 'hurried' } : step;
}
