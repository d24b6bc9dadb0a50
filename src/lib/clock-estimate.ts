/** How far two clocks may drift apart: more than a server that slews its clock does. */
const MOST_DRIFT = 1e-3;

/**
 * Estimates another clock from its answers to 'what time is it'. Each answer was given between question and receipt, so
 * it bounds the offset to our own clock. Answers that agree narrow the bounds; one that contradicts them means that the
 * clock was set. Pure; all times in milliseconds.
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

  /** The other clock's time when our own says `own`; NaN before the first answer. */
  timeAt(own: number): number {
    return own + (this.leastAhead + this.mostAhead) / 2;
  }
}
