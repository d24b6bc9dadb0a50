const FAST_MS = 500;
const FAST_FOR_MS = 10 * 60_000;

/**
 * Which endpoints may have their first attempt made in the workflow's own task. That path is the fast one, but it
 * holds a workflow-task slot for as long as the receiver takes, so it is earned and lost:
 *
 * - unknown endpoints have not earned it; an answer within 500 ms earns it for 10 minutes;
 * - a POST unanswered after 500 ms loses it at once, before it has come to an end; so does a failure;
 * - while local attempts hold half of the slots, or are about to, nobody else gets it.
 *
 * Known to this process alone: another one learns for itself.
 */
export class Pace {
  private readonly fastUntil = new Map<string, number>();
  private localAttempts = 0;
  private reserved = 0;

  constructor(
    private readonly options: {
      /** Workflow tasks that this process works on at the same time. */
      slots: number;
      /** Local attempts that have been prepared here and not begun. */
      ready: () => number;
      /** Milliseconds. */
      now: () => number;
    },
  ) {}

  /** Where the first attempt to an endpoint is to be made now; a local place is reserved until `settle`. */
  reserve(endpointId: string): 'local' | 'queued' {
    const fast = (this.fastUntil.get(endpointId) ?? 0) > this.options.now();
    const taken = this.localAttempts + this.reserved + this.options.ready();
    if (!fast || taken >= this.options.slots / 2) return 'queued';
    this.reserved += 1;
    return 'local';
  }

  /** Gives back `places` reserved: by now the attempts wait in this process to be made, or will not be made. */
  settle(places: number): void {
    this.reserved -= places;
  }

  /** Watches one POST; `local` ones count for the slots that they hold. */
  async watch<T>(
    endpointId: string,
    local: boolean,
    post: () => Promise<T>,
    isFast: (answer: T) => boolean,
  ): Promise<T> {
    const demotion = setTimeout(() => this.fastUntil.delete(endpointId), FAST_MS);
    const startedAt = this.options.now();
    if (local) this.localAttempts += 1;
    try {
      const answer = await post();
      const inTime = this.options.now() - startedAt < FAST_MS;
      if (inTime && isFast(answer)) this.earn(endpointId);
      else this.fastUntil.delete(endpointId);
      return answer;
    } finally {
      clearTimeout(demotion);
      if (local) this.localAttempts -= 1;
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
