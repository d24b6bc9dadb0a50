const FAST_MS = 500;
const FAST_FOR_MS = 10 * 60_000;

/**
 * Which endpoints may have their first attempt made in the workflow's own task. That path is the fast one, but it
 * holds a workflow-task slot for as long as the receiver takes, so it is earned and lost:
 *
 * - unknown endpoints have not earned it; an answer within 500 ms earns it for 10 minutes;
 * - a POST unanswered after 500 ms loses it at once, before it has come to an end; so does a failure;
 * - while tasks that wait for receivers hold half of the slots, nobody else gets it.
 *
 * Known to this process alone: another one learns for itself.
 */
export class Pace {
  private readonly fastUntil = new Map<string, number>();
  private slotsHeld = 0;

  constructor(
    private readonly options: {
      /** Workflow tasks that this process works on at the same time. */
      slots: number;
      /** Milliseconds. */
      now: () => number;
    },
  ) {}

  /** Whether an endpoint has earned the fast path, and not lost it. */
  isFast(endpointId: string): boolean {
    return (this.fastUntil.get(endpointId) ?? 0) > this.options.now();
  }

  /** Whether one more task may hold its slot now. */
  hasRoom(): boolean {
    return this.slotsHeld < this.options.slots / 2;
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

  /** Watches one POST. */
  async watch<T>(endpointId: string, post: () => Promise<T>, isFast: (answer: T) => boolean): Promise<T> {
    const demotion = setTimeout(() => this.fastUntil.delete(endpointId), FAST_MS);
    const startedAt = this.options.now();
    try {
      const answer = await post();
      const inTime = this.options.now() - startedAt < FAST_MS;
      if (inTime && isFast(answer)) this.earn(endpointId);
      else this.fastUntil.delete(endpointId);
      return answer;
    } finally {
      clearTimeout(demotion);
    }
  }

  private earn(endpointId: string): void {
    const now = this.options.now();
    // Moving it to the end keeps the map in order of time: what stands in front is the oldest.
    this.fastUntil.delete(endpointId);
    this.fastUntil.set(endpointId, now + FAST_FOR_MS);
    for (const [id, until] of this.fastUntil) {
      if (until > now) break;
      this.fastUntil.delete(id);
    }
  }
}
