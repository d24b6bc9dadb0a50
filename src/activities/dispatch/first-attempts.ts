import type { Schedule } from '../../domain/schedule.js';
import type { BegunAttempt } from '../../store/attempts/begin-attempt.js';
import { beginFirstAttempts } from '../../store/attempts/begin-first-attempts.js';
import { asOf, type Attempted } from '../../workflows/attempted.js';
import type { AttemptResult } from '../../workflows/contract.js';
import type { Dependencies } from '../dependencies.js';
import { withinLogPatience } from '../attempt/log-patience.js';
import { sendAttempt } from '../attempt/send-attempt.js';
import { orUnavailable } from '../attempt/unavailable.js';

/** So many are begun together. */
export const FIRST_ATTEMPTS_AT_ONCE = 100;
/** What has not begun by then is queued: an opening must not take much longer. */
const LAST_BEGINS_MS = 8_000;
/** With more of them unanswered, an opening leaves the rest to the queue, and room for other openings. */
const MOST_UNANSWERED = 50;
/** Of answers that could not be logged yet, which travel through histories meanwhile. */
const LONGEST_TRAVELLING_BODY = 2_000;

/** A first attempt that is to be made now, and everything that sending it needs. */
export interface FirstAttempt {
  /** The workflow of the delivery, which is told what comes of it if that takes long. */
  readonly workflowId: string;
  readonly attempt: BegunAttempt;
  readonly schedule: Schedule;
  /** What it was opened by: see `Routes`. */
  readonly routesVersion: string;
  /** Whether the log has it as begun: the first hundred are, with their opening. */
  readonly begun: boolean;
}

/** What has become of a first attempt. */
export type FirstOutcome =
  | { readonly kind: 'made'; readonly result: AttemptResult }
  /** Unanswered so far: see `UnderWay`. */
  | { readonly kind: 'under_way' }
  /** Its endpoint is not fast any more, or there are too many. */
  | { readonly kind: 'not_begun' };

/**
 * Makes first attempts of deliveries of one day, a hundred at the same time, and does not wait for slow answers.
 * @param stops aborted when the worker must end
 * @returns an outcome for each, by delivery
 */
export async function makeFirstAttempts(
  deps: Dependencies,
  attempts: readonly FirstAttempt[],
  stops: AbortSignal,
): Promise<ReadonlyMap<string, FirstOutcome>> {
  if (attempts.length === 0) return new Map();
  const stopping = new AbortController();
  const interrupt = () => stopping.abort();
  stops.addEventListener('abort', interrupt);
  if (stops.aborted) interrupt();
  const sent = new Map<string, Promise<Attempted>>();
  const made = new Map<string, Attempted>();

  const make = async ({ attempt, schedule }: FirstAttempt) => {
    const { deliveryId } = attempt;
    const attempted = orUnavailable(
      deps,
      attempt,
      sendAttempt(deps, attempt, schedule, stopping.signal),
    ).then((result) => ({ result: forTravelling(result), at: deps.now().getTime() }));
    sent.set(deliveryId, attempted);
    made.set(deliveryId, await attempted);
  };

  let wave: readonly FirstAttempt[] = attempts.filter(({ begun }) => begun);
  let left = attempts.filter(({ begun }) => !begun);
  const until = performance.now() + LAST_BEGINS_MS;
  while (wave.length > 0) {
    const answers = Promise.all(wave.map(make));
    // Begun after those of the attempts: endpoints have lost the fast path when it is over.
    const patience = deps.endpointSpeed.patience();
    await Promise.race([answers, patience.over]);
    patience.cancel();
    if (stopping.signal.aborted || performance.now() > until) break;
    if (sent.size - made.size > MOST_UNANSWERED) break;
    left = left.filter(({ attempt }) => deps.endpointSpeed.standing(attempt.endpointId) === 'fast');
    wave = await beginNow(deps, left.splice(0, FIRST_ATTEMPTS_AT_ONCE));
  }

  const now = deps.now().getTime();
  const outcomeOf = ({ workflowId, attempt: { deliveryId } }: FirstAttempt): FirstOutcome => {
    const ended = made.get(deliveryId);
    if (ended) return { kind: 'made', result: asOf(now, ended) };
    const attempted = sent.get(deliveryId);
    if (!attempted) return { kind: 'not_begun' };
    deps.underWay.follow({ workflowId, deliveryId, attempted, interrupt });
    return { kind: 'under_way' };
  };
  return new Map(attempts.map((each) => [each.attempt.deliveryId, outcomeOf(each)]));
}

/** Those that could be marked as begun. */
async function beginNow(deps: Dependencies, next: readonly FirstAttempt[]): Promise<readonly FirstAttempt[]> {
  const [first, ...others] = next;
  if (first === undefined) return [];
  const ids = others.map(({ attempt }) => attempt.deliveryId);
  try {
    const begun = await withinLogPatience(
      beginFirstAttempts(deps.pool, [first.attempt.deliveryId, ...ids], first.routesVersion, deps.now()),
    );
    return next.filter(({ attempt }) => begun.has(attempt.deliveryId));
  } catch (error) {
    // What has been made counts; the rest is queued, and waits for the log there.
    deps.logger.warn({ err: error }, 'first attempts could not be begun');
    return [];
  }
}

/** What the log has not got travels through the history, with that of many others: without most of the answer's body. */
function forTravelling(result: AttemptResult): AttemptResult {
  if (result.kind !== 'unrecorded') return result;
  const { outcome } = result;
  const responseBody = outcome.attempt.responseBody?.slice(0, LONGEST_TRAVELLING_BODY) ?? null;
  return { ...result, outcome: { ...outcome, attempt: { ...outcome.attempt, responseBody } } };
}
