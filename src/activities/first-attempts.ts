import { setTimeout as sleep } from 'node:timers/promises';
import type { Schedule } from '../profiles/schedule.js';
import { beginFirstAttempts, type BegunAttempt } from '../store/begin-attempt.js';
import type { AttemptResult } from '../workflows/contract.js';
import type { Dependencies } from './dependencies.js';
import { withinLogPatience } from './log-patience.js';
import { sendAttempt } from './send-attempt.js';
import { orUnavailable } from './unavailable.js';
import { workerStops } from './worker-stops.js';

/** So many are under way at the same time: what a worker that dies may leave without an outcome. */
export const FIRST_ATTEMPTS_AT_ONCE = 100;
/** What has no answer by then is waited for elsewhere. */
const PATIENCE_MS = 500;

/** A first attempt that is to be made now, and everything that sending it needs. */
export interface FirstAttempt {
  readonly attempt: BegunAttempt;
  readonly schedule: Schedule;
  /** Whether the log has it as begun: the first hundred are, with their opening. */
  readonly begun: boolean;
}

/** What has become of a first attempt. */
export type FirstOutcome =
  | { readonly kind: 'made'; readonly result: AttemptResult }
  /** Unanswered so far: see `UnderWay`. */
  | { readonly kind: 'under_way' }
  /** Its endpoint is not fast any more. */
  | { readonly kind: 'not_begun' };

/**
 * Makes first attempts of deliveries of one day, a hundred at the same time, and does not wait for slow answers.
 * @returns an outcome for each, in their order
 */
export async function makeFirstAttempts(
  deps: Dependencies,
  attempts: readonly FirstAttempt[],
): Promise<FirstOutcome[]> {
  if (attempts.length === 0) return [];
  const stopping = new AbortController();
  const interrupt = () => stopping.abort();
  workerStops().addEventListener('abort', interrupt);
  const underWay = new Map<string, Promise<AttemptResult>>();
  const made = new Map<string, { readonly result: AttemptResult; readonly at: Date }>();

  const make = async ({ attempt, schedule }: FirstAttempt) => {
    const { deliveryId } = attempt;
    const result = orUnavailable(deps, attempt, sendAttempt(deps, attempt, schedule, stopping.signal));
    underWay.set(deliveryId, result);
    made.set(deliveryId, { result: await result, at: deps.now() });
  };

  let wave: readonly FirstAttempt[] = attempts.filter(({ begun }) => begun);
  let left = attempts.filter(({ begun }) => !begun);
  while (wave.length > 0) {
    await Promise.race([Promise.all(wave.map(make)), sleep(PATIENCE_MS, undefined, { ref: false })]);
    left = left.filter(({ attempt }) => deps.pace.isFast(attempt.endpointId));
    wave = await beginNow(deps, left.splice(0, FIRST_ATTEMPTS_AT_ONCE));
  }

  const now = deps.now();
  return attempts.map(({ attempt: { deliveryId } }): FirstOutcome => {
    const ended = made.get(deliveryId);
    if (ended) return { kind: 'made', result: asOf(now, ended) };
    const result = underWay.get(deliveryId);
    if (!result) return { kind: 'not_begun' };
    deps.underWay.put(deliveryId, { result, interrupt });
    return { kind: 'under_way' };
  });
}

/** Those that could be marked as begun. */
async function beginNow(deps: Dependencies, next: readonly FirstAttempt[]): Promise<readonly FirstAttempt[]> {
  const [first, ...others] = next.map(({ attempt }) => attempt.deliveryId);
  if (first === undefined) return [];
  try {
    const begun = await withinLogPatience(beginFirstAttempts(deps.pool, [first, ...others], deps.now()));
    return next.filter(({ attempt }) => begun.has(attempt.deliveryId));
  } catch (error) {
    // What has been made counts; the rest is queued, and waits for the log there.
    deps.logger.warn({ err: error }, 'first attempts could not be begun');
    return [];
  }
}

/** A result as it is some time later: the next attempt has come nearer. */
function asOf(
  now: Date,
  { result, at }: { readonly result: AttemptResult; readonly at: Date },
): AttemptResult {
  if (result.kind !== 'retry') return result;
  return { ...result, delayMs: Math.max(0, result.delayMs - (now.getTime() - at.getTime())) };
}
