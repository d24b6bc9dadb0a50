import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EndpointSpeed } from '../../dispatch/endpoint-speed.js';
import {
  FIRST_TELL_PAUSE_MS,
  LAST_BEGINS_MS,
  LONGEST_TELL_PAUSE_MS,
  MOST_IN_FLIGHT,
  MOST_TOGETHER,
  MOST_UNANSWERED,
  TELL_FOR_MS,
} from '../../dispatch/limits.js';
import type { Semaphore } from '../../lib/semaphore.js';
import { withTimeout } from '../../lib/timeout.js';
import type { RunningWorkflows } from '../../temporal/client/running.js';
import { Sending, type DispatchedAttempt, type SendingOptions } from './sending.js';
import { FAREWELL_MS } from '../../temporal/shutdown.js';
import { asOf, type Attempted } from '../../workflows/attempted.js';
import type { FirstAttempt } from '../../workflows/contract/delivery.js';

/**
 * The dispatcher makes first attempts in the process that records their event, so that a fast endpoint needs no queue. It
 * owns an attempt from its permit until the workflow knows the outcome:
 *
 *     planned ── the endpoint is not fast, or there is no room ──────▶ queued     `makeAttempt`, on the queue of attempts
 *        │
 *        │ a permit; the statement that records the event has the attempt as begun
 *        ▼
 *     begun ──── an answer within 500 ms of responsive time ─────────▶ answered   in the recording's result
 *        │
 *        └────── later ─▶ in flight ── an answer, a failure, a stop ─▶ told       by the signal `attempted`
 *                            │
 *                            └──────── the process is lost ──────────▶ the workflow's timer ends (the time limit and
 *                                      10 s): the log decides, and the attempt is made again, marked
 *
 * So a recording never waits for a slow receiver, and holds no workflow task for one. What is in flight here is bounded
 * by MOST_IN_FLIGHT. Its limits are in dispatch/limits.ts; docs/decisions/0019 says why it is done like this.
 */
export class Dispatcher {
  private recordings = 0;
  /** With what breaks each off. */
  private readonly inFlight = new Map<Promise<void>, () => void>();
  private endsAt: number | null = null;

  constructor(private readonly options: DispatcherOptions) {}

  /** Whether a recording may begin first attempts now: half of the workflow tasks are left to others. */
  hasRoom(): boolean {
    return this.recordings < this.options.workflowTasks / 2 && this.inFlight.size < MOST_IN_FLIGHT;
  }

  /**
   * Does `work`, which begins so many first attempts, when their permits are free.
   * @param stops ends the waiting
   * @throws the signal's reason
   */
  async withPermits<T>(
    attempts: number,
    stops: AbortSignal,
    work: (hasWaited: boolean) => Promise<T>,
  ): Promise<T> {
    this.recordings += 1;
    try {
      return await this.options.permits.with(attempts, stops, work);
    } finally {
      this.recordings -= 1;
    }
  }

  /**
   * Makes first attempts of deliveries of one day, a hundred at the same time.
   * @param stops aborted when the worker must end
   * @returns what has become of each, by delivery
   */
  async dispatch(
    attempts: readonly DispatchedAttempt[],
    stops: AbortSignal,
  ): Promise<ReadonlyMap<string, FirstAttempt>> {
    if (attempts.length === 0) return new Map();
    const { speed, now } = this.options;
    const sending = new Sending(this.options, stops);
    let together: readonly DispatchedAttempt[] = attempts.filter(({ isBegun }) => isBegun);
    let left = attempts.filter(({ isBegun }) => !isBegun);
    const until = performance.now() + LAST_BEGINS_MS;
    while (together.length > 0) {
      const answers = sending.send(together);
      // It begins after those of the attempts: slow endpoints are known as slow when it is over.
      const patience = speed.patience();
      await Promise.race([answers, patience.over]);
      patience.cancel();
      if (sending.isStopped || performance.now() > until || sending.unanswered > MOST_UNANSWERED) break;
      left = left.filter(({ attempt }) => speed.of(attempt.endpointId) === 'fast');
      together = await this.begun(left.splice(0, MOST_TOGETHER));
    }
    const asOfNow = now().getTime();
    return new Map(
      attempts.map(({ workflowId, attempt: { deliveryId } }): [string, FirstAttempt] => {
        const answered = sending.answered.get(deliveryId);
        if (answered) return [deliveryId, { kind: 'answered', step: asOf(asOfNow, answered) }];
        const attempted = sending.sent.get(deliveryId);
        if (!attempted) return [deliveryId, { kind: 'queued' }];
        this.follow({ workflowId, deliveryId, attempted, interrupt: sending.stop });
        return [deliveryId, { kind: 'in_flight' }];
      }),
    );
  }

  /** Follows an attempt in flight until its workflow has been told. */
  follow(attempt: AttemptInFlight): void {
    const told = this.tell(attempt).finally(() => this.inFlight.delete(told));
    this.inFlight.set(told, attempt.interrupt);
    if (this.endsAt !== null && performance.now() > this.endsAt) attempt.interrupt();
  }

  /** The process is about to end: what has no answer in so many milliseconds is broken off. */
  endIn(graceMs: number): void {
    this.endsAt = performance.now() + graceMs;
    setTimeout(() => {
      for (const interrupt of this.inFlight.values()) interrupt();
    }, graceMs).unref();
  }

  /** Waits until the workflows of all have been told, but not much longer than `endIn` says. */
  async settled(): Promise<void> {
    const now = performance.now();
    const leftMs = (this.endsAt ?? now) - now + FAREWELL_MS;
    try {
      const all = Promise.all(this.inFlight.keys());
      await withTimeout(leftMs, all, () => new Error('Temporal did not answer'));
    } catch (err) {
      this.options.logger.warn({ err }, 'not every workflow could be told of its first attempts');
    }
  }

  /** Those that the log has as begun now; the others are queued, and wait for the log there. */
  private async begun(next: readonly DispatchedAttempt[]): Promise<readonly DispatchedAttempt[]> {
    const [first, ...others] = next;
    if (!first) return [];
    const rest = others.map(({ attempt }) => attempt.deliveryId);
    try {
      const ids = await this.options.begin([first.attempt.deliveryId, ...rest], first.routesVersion);
      return next.filter(({ attempt }) => ids.has(attempt.deliveryId));
    } catch (err) {
      this.options.logger.warn({ err }, 'first attempts could not be begun');
      return [];
    }
  }

  private async tell({ workflowId, deliveryId, attempted: answer }: AttemptInFlight): Promise<void> {
    const { tell, logger } = this.options;
    const attempted = await answer;
    const until = performance.now() + TELL_FOR_MS;
    for (let pauseMs = FIRST_TELL_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_TELL_PAUSE_MS)) {
      try {
        const told = await tell(workflowId, deliveryId, attempted);
        // An event of a batch gets its workflow about now, and begins with what the log knows.
        if (told === 'sent' || isLogged(attempted)) return;
        throw new Error('there is no such workflow');
      } catch (err) {
        if (performance.now() > until) {
          logger.warn({ err, delivery_id: deliveryId }, 'a workflow could not be told of its first attempt');
          return;
        }
      }
      await sleep(pauseMs, undefined, { ref: false });
    }
  }
}

export interface DispatcherOptions extends SendingOptions {
  /** Workflow tasks that this process works on at the same time. */
  readonly workflowTasks: number;
  /** For first attempts that have no answer yet, and whose recording waits for it. */
  readonly permits: Semaphore;
  readonly speed: Pick<EndpointSpeed, 'of' | 'patience'>;
  /** Has the log have first attempts as begun. @returns those that it has so */
  readonly begin: (
    deliveryIds: readonly [string, ...string[]],
    routesVersion: string,
  ) => Promise<ReadonlySet<string>>;
  readonly tell: RunningWorkflows['tellAttempted'];
  readonly logger: Logger;
}

export interface AttemptInFlight {
  readonly workflowId: string;
  readonly deliveryId: string;
  /** Never rejects. */
  readonly attempted: Promise<Attempted>;
  /** Breaks it off: the process must end. */
  readonly interrupt: () => void;
}

function isLogged({ result: { kind } }: Attempted): boolean {
  return kind !== 'unrecorded' && kind !== 'unavailable';
}
