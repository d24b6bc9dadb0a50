import { LONGEST_TRAVELLING_BODY } from '../../dispatch/limits.js';
import type { Schedule } from '../../domain/schedule.js';
import type { BegunAttempt } from '../../store/attempts/begin-attempt.js';
import type { Attempted } from '../../workflows/attempted.js';
import type { AttemptResult } from '../../workflows/contract/delivery.js';

/** A first attempt that is to be made now, and everything that sending it needs. */
export interface DispatchedAttempt {
  /** The workflow of the delivery. */
  readonly workflowId: string;
  readonly attempt: BegunAttempt;
  readonly schedule: Schedule;
  /** What it was planned by: see `Routes`. */
  readonly routesVersion: string;
  /** Whether the log has it as begun: the first hundred are, with their event. */
  readonly isBegun: boolean;
}

export interface SendingOptions {
  /** Never rejects. */
  readonly send: (attempt: BegunAttempt, schedule: Schedule, stops: AbortSignal) => Promise<AttemptResult>;
  readonly now: () => Date;
}

/** The attempts of one recording: those that are sent, and what has come of them. */
export class Sending {
  readonly sent = new Map<string, Promise<Attempted>>();
  readonly answered = new Map<string, Attempted>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly options: SendingOptions,
    stops: AbortSignal,
  ) {
    stops.addEventListener('abort', this.stop);
    if (stops.aborted) this.stop();
  }

  readonly stop = () => this.stopping.abort();

  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  get unanswered(): number {
    return this.sent.size - this.answered.size;
  }

  /** Resolves when all of them are answered. */
  async send(attempts: readonly DispatchedAttempt[]): Promise<void> {
    const { send, now } = this.options;
    await Promise.all(
      attempts.map(async ({ attempt, schedule }) => {
        const attempted = send(attempt, schedule, this.stopping.signal).then((result) => ({
          result: forTravelling(result),
          at: now().getTime(),
        }));
        this.sent.set(attempt.deliveryId, attempted);
        this.answered.set(attempt.deliveryId, await attempted);
      }),
    );
  }
}

/** What the log has not got travels through a history, with that of many others: without most of the answer's body. */
function forTravelling(result: AttemptResult): AttemptResult {
  if (result.kind !== 'unrecorded') return result;
  const { outcome } = result;
  const responseBody = outcome.attempt.responseBody?.slice(0, LONGEST_TRAVELLING_BODY) ?? null;
  return { ...result, outcome: { ...outcome, attempt: { ...outcome.attempt, responseBody } } };
}
