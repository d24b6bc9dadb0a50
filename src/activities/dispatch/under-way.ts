import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { FAREWELL_MS } from '../../temporal/shutdown.js';
import type { RunningWorkflows } from '../../temporal/client/running.js';
import { withTimeout } from '../../lib/timeout.js';
import type { Attempted } from '../../workflows/attempted.js';

export interface AttemptUnderWay {
  readonly workflowId: string;
  readonly deliveryId: string;
  /** Never rejects. */
  readonly attempted: Promise<Attempted>;
  /** Breaks it off: the process must end. */
  readonly interrupt: () => void;
}

/** With more at the same time none is added by openings that begin then; each has a socket. */
const MOST = 1_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Longer than a workflow waits to be told; by then it has asked the log. */
const TELL_FOR_MS = 60_000;

/**
 * First attempts that were begun with an opening and had no answer soon. Their workflows are told what comes of them;
 * one that is not told, because this process is lost, waits as long as an attempt may take, and asks the log.
 */
export class UnderWay {
  private readonly followed = new Map<Promise<void>, () => void>();
  private endsAt: number | null = null;

  constructor(
    private readonly options: {
      readonly workflows: Pick<RunningWorkflows, 'tellAttempted'>;
      readonly logger: Logger;
    },
  ) {}

  /** Whether further first attempts may be begun that would be followed here if they had no answer soon. */
  hasRoom(): boolean {
    return this.followed.size < MOST;
  }

  follow(attempt: AttemptUnderWay): void {
    const told = this.tell(attempt).finally(() => this.followed.delete(told));
    this.followed.set(told, attempt.interrupt);
    if (this.endsAt !== null && performance.now() > this.endsAt) attempt.interrupt();
  }

  /** The process is about to end: what has no answer in so many milliseconds is broken off. */
  endIn(graceMs: number): void {
    this.endsAt = performance.now() + graceMs;
    setTimeout(() => this.interruptAll(), graceMs).unref();
  }

  /** Waits until the workflows of all have been told, but not much longer than `endIn` says. */
  async settled(): Promise<void> {
    const now = performance.now();
    const leftMs = (this.endsAt ?? now) - now + FAREWELL_MS;
    try {
      await withTimeout(
        leftMs,
        Promise.all(this.followed.keys()),
        () => new Error('Temporal did not answer'),
      );
    } catch (err) {
      this.options.logger.warn({ err }, 'not every workflow could be told of its first attempts');
    }
  }

  private interruptAll(): void {
    for (const interrupt of this.followed.values()) interrupt();
  }

  private async tell({ workflowId, deliveryId, ...attempt }: AttemptUnderWay): Promise<void> {
    const { workflows, logger } = this.options;
    const attempted = await attempt.attempted;
    const until = performance.now() + TELL_FOR_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        const answer = await workflows.tellAttempted(workflowId, deliveryId, attempted);
        // An event of a batch gets its workflow about now, and begins with what the log knows.
        if (answer === 'sent' || isLogged(attempted)) return;
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

function isLogged({ result: { kind } }: Attempted): boolean {
  return kind !== 'unrecorded' && kind !== 'unavailable';
}
