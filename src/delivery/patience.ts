/** An answer within this time is a fast one. */
const FAST_MS = 500;
/** With at least this share of the time taken up, a process may not have got to reading an answer that has come. */
const TOO_BUSY = 0.9;
/** Nothing is waited for longer than this on the process's own account. */
const AT_MOST_MS = 2_000;

export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Milliseconds in which this process has had something to do, of those that `now` counts. */
  busyMs(): number;
}

/**
 * The time in which a fast receiver would have answered: 500 ms, or up to 2 s for as long as this process itself is
 * too busy to read answers. A process that has just started under load would else take every receiver for slow.
 */
export class Patience {
  /** Resolves when it has come to an end; never after `cancel`. */
  readonly over: Promise<void>;
  private readonly startedAt: number;
  private readonly busyBefore: number;
  private readonly looks: NodeJS.Timeout;
  private isCancelled = false;

  constructor(private readonly clock: Clock) {
    this.startedAt = clock.now();
    this.busyBefore = clock.busyMs();
    let end: () => void;
    this.over = new Promise((resolve) => (end = resolve));
    const look = () => {
      if (this.isCancelled || this.pace() !== 'slow') return;
      clearInterval(this.looks);
      end();
    };
    // What has come in by then is read first.
    this.looks = setInterval(() => setImmediate(look), FAST_MS).unref();
  }

  /** What an answer that comes now says of its receiver: nothing, when it was this process that had no time for it. */
  pace(): 'fast' | 'slow' | 'unknown' {
    // Timers are early by a part of a millisecond.
    const elapsed = Math.round(this.clock.now() - this.startedAt);
    if (elapsed < FAST_MS) return 'fast';
    const isOurs = elapsed < AT_MOST_MS && this.clock.busyMs() - this.busyBefore >= TOO_BUSY * elapsed;
    return isOurs ? 'unknown' : 'slow';
  }

  cancel(): void {
    this.isCancelled = true;
    clearInterval(this.looks);
  }
}
