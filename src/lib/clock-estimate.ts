/** How far two clocks may drift apart: what a server that adjusts its own may do to it, and some more. */
const MOST_DRIFT = 1e-3;

/**
 * What is known of another clock by its answers to 'what time is it': each bounds how far it is ahead of one's own,
 * because it was given between question and answer. Answers that agree narrow the bounds; one that contradicts them
 * says that the clock was set. Pure; all times in milliseconds.
 */
export class ClockEstimate {
  private leastAhead = -Infinity;
  private mostAhead = Infinity;
  private heardAt = -Infinity;

  /**
   * @param askedAt by one's own clock, which must never be set: `performance.now()`
   * @param answeredAt by the same
   */
  heard(time: number, askedAt: number, answeredAt: number): void {
    const drift = (answeredAt - this.heardAt) * MOST_DRIFT;
    const least = Math.max(time - answeredAt, this.leastAhead - drift);
    const most = Math.min(time - askedAt, this.mostAhead + drift);
    const agrees = least <= most;
    this.leastAhead = agrees ? least : time - answeredAt;
    this.mostAhead = agrees ? most : time - askedAt;
    this.heardAt = answeredAt;
  }

  /** The other clock's time when one's own says `own`; NaN before it was heard. */
  timeAt(own: number): number {
    return own + (this.leastAhead + this.mostAhead) / 2;
  }
}
