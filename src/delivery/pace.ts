/**
 * Which endpoints may have their first attempt made in the workflow's own task. That path is the fast one, but it
 * holds a workflow-task slot for as long as the receiver takes, so it is earned and lost:
 *
 * - unknown endpoints have not earned it; an answer within `fastMs` earns it for `keepMs`;
 * - a POST unanswered after `fastMs` loses it at once, before it has come to an end; so does a failure;
 * - while local attempts hold half of the slots, nobody else gets it.
 *
 * Known to this process alone: another one learns for itself.
 */
export class Pace {
  private readonly fastUntil = new Map<string, number>();
  private localAttempts = 0;

  constructor(
    private readonly options: { slots: number; fastMs: number; keepMs: number; now: () => number },
  ) {}

  /** Where the first attempt to an endpoint is to be made now. */
  placeFor(endpointId: string): 'local' | 'queued' {
    const fast = (this.fastUntil.get(endpointId) ?? 0) > this.options.now();
    return fast && this.localAttempts < this.options.slots / 2 ? 'local' : 'queued';
  }

  /** Watches one POST; `local` ones count for the slots that they hold. */
  async watch<T>(
    endpointId: string,
    local: boolean,
    post: () => Promise<T>,
    isFast: (answer: T) => boolean,
  ): Promise<T> {
    const demotion = setTimeout(() => this.fastUntil.delete(endpointId), this.options.fastMs);
    const startedAt = this.options.now();
    if (local) this.localAttempts += 1;
    try {
      const answer = await post();
      const inTime = this.options.now() - startedAt < this.options.fastMs;
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
    this.fastUntil.set(endpointId, now + this.options.keepMs);
    for (const [id, until] of this.fastUntil) {
      if (until > now) break;
      this.fastUntil.delete(id);
    }
  }
}
