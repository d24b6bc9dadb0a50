/**
 * What the server's clock shows, from the `Date` headers of its answers. Each header tells the whole second in which the
 * answer was made, between the request and the answer: that bounds how far this computer's clock is off. Countdowns use it,
 * so that they are right on a computer whose clock is wrong.
 */
export class ServerClock {
  private least = -Infinity;
  private most = Infinity;

  /**
   * @param date the answer's `Date` header
   * @param sentAt when the request was sent, by this computer's clock, in milliseconds since 1970
   * @param receivedAt when the answer came, by the same clock
   */
  observe(date: string | null, sentAt: number, receivedAt: number): void {
    const second = date === null ? NaN : Date.parse(date);
    if (Number.isNaN(second)) return;
    const least = second - receivedAt;
    const most = second + 1_000 - sentAt;
    const fits = least <= this.most && most >= this.least;
    // One of the clocks was set meanwhile: what was known before no longer holds.
    this.least = fits ? Math.max(this.least, least) : least;
    this.most = fits ? Math.min(this.most, most) : most;
  }

  /** Milliseconds to add to this computer's clock. */
  get offsetMs(): number {
    if (!Number.isFinite(this.least) || !Number.isFinite(this.most)) return 0;
    // A clock that may be right counts as right.
    if (this.least <= 0 && this.most >= 0) return 0;
    return (this.least + this.most) / 2;
  }

  /** The server's time in milliseconds since 1970. */
  now(local: number = Date.now()): number {
    return local + this.offsetMs;
  }
}
