/**
 * The pause of a loop that gets nowhere: none for the first steps, because another look is often all that is needed,
 * then one that doubles. No loop of a workflow is without: each turn of it is written to the history. Pure.
 */
export class GrowingPause {
  private steps = 0;

  /** @param bounds how many steps are free, the pause after them, and the longest, in milliseconds */
  constructor(
    private readonly bounds: {
      readonly free: number;
      readonly firstMs: number;
      readonly longestMs: number;
    },
  ) {}

  /** The loop has got somewhere. */
  reset(): void {
    this.steps = 0;
  }

  /** How long to wait before the next step, in milliseconds. */
  next(): number {
    const { free, firstMs, longestMs } = this.bounds;
    const doublings = this.steps - free;
    this.steps += 1;
    return doublings < 0 ? 0 : Math.min(firstMs * 2 ** doublings, longestMs);
  }
}
