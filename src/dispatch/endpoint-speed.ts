import { AnswerPatience } from './answer-patience.js';

const FAST_FOR_MS = 10 * 60_000;
const SLOW_FOR_MS = 60_000;
const MOST_KNOWN = 100_000;

/** What a slow endpoint may have in flight of the attempts that a process makes at the same time. */
export const slowShareOf = (attempts: number) => Math.ceil(attempts / 4);

/**
 * Which endpoints may have their first attempt made in the workflow's own task. That path is the fast one, but it
 * holds a workflow-task slot until the answer, or for 500 ms a hundred attempts, so it is earned and lost:
 *
 * - unknown endpoints have not earned it; an answer within 500 ms earns it for 10 minutes;
 * - a POST unanswered after 500 ms loses it at once, before it has come to an end; so does one that fails. Such an
 *   endpoint is known as slow for a minute;
 * - while this process itself is too busy to read answers, a late one neither earns nor loses it, for up to some 2 s
 *   (see `AnswerPatience`);
 * - while tasks that wait for receivers hold half of the slots, nobody else gets it.
 *
 * Beside it, where attempts may wait, a slow endpoint has at most a quarter of them.
 *
 * Known to this process alone: another one learns for itself.
 */
export class EndpointSpeed {
  /** What is known of endpoints, the longest known first. */
  private readonly known = new Map<string, { readonly isFast: boolean; readonly until: number }>();
  private readonly inFlight = new Map<string, number>();
  private slotsHeld = 0;

  constructor(
    private readonly options: {
      /** Workflow tasks that this process works on at the same time. */
      slots: number;
      /** Attempts beside them that this process makes at the same time. */
      attempts: number;
      /** Milliseconds. */
      now: () => number;
    },
  ) {}

  /** What is known of an endpoint: whether it has earned the fast path, or lost it lately. */
  standing(endpointId: string): 'fast' | 'slow' | 'unknown' {
    const known = this.known.get(endpointId);
    if (!known || known.until <= this.options.now()) return 'unknown';
    return known.isFast ? 'fast' : 'slow';
  }

  /** Whether one more task may hold its slot now. */
  hasRoom(): boolean {
    return this.slotsHeld < this.options.slots / 2;
  }

  /** Whether an endpoint that is slow has its share of this process's attempts in flight: a quarter. */
  isCrowded(endpointId: string): boolean {
    if (this.standing(endpointId) !== 'slow') return false;
    return (this.inFlight.get(endpointId) ?? 0) >= slowShareOf(this.options.attempts);
  }

  /** Counts an attempt beside the workflow tasks as one of its endpoint's. */
  async takeShare<T>(endpointId: string, attempt: () => Promise<T>): Promise<T> {
    this.inFlight.set(endpointId, (this.inFlight.get(endpointId) ?? 0) + 1);
    try {
      return await attempt();
    } finally {
      const left = (this.inFlight.get(endpointId) ?? 1) - 1;
      if (left > 0) this.inFlight.set(endpointId, left);
      else this.inFlight.delete(endpointId);
    }
  }

  /** Counts a slot for as long as `work` holds it to wait for receivers. */
  async holdSlot<T>(work: () => Promise<T>): Promise<T> {
    this.slotsHeld += 1;
    try {
      return await work();
    } finally {
      this.slotsHeld -= 1;
    }
  }

  /** The patience with POSTs that begin now; to be cancelled. */
  patience(): AnswerPatience {
    return new AnswerPatience(this.options.now);
  }

  /** Watches one POST. */
  async watch<T>(endpointId: string, post: () => Promise<T>, isAnswer: (outcome: T) => boolean): Promise<T> {
    const patience = this.patience();
    void patience.over.then(() => this.learn(endpointId, false));
    try {
      const outcome = await post();
      const standing = isAnswer(outcome) ? patience.standing() : 'slow';
      if (standing !== 'unknown') this.learn(endpointId, standing === 'fast');
      return outcome;
    } finally {
      patience.cancel();
    }
  }

  private learn(endpointId: string, isFast: boolean): void {
    // Moving it to the end keeps the map in order of time.
    this.known.delete(endpointId);
    this.known.set(endpointId, {
      isFast,
      until: this.options.now() + (isFast ? FAST_FOR_MS : SLOW_FOR_MS),
    });
    for (const [id, { until }] of this.known) {
      if (until > this.options.now() && this.known.size <= MOST_KNOWN) break;
      this.known.delete(id);
    }
  }
}
