/** What a wait allows: `ms` of time, in `looks` turns of the event loop; after `longestMs`, in `fewestLooks` of them. */
export interface ResponsiveWait {
  readonly ms: number;
  readonly looks: number;
  readonly fewestLooks: number;
  readonly longestMs: number;
}

interface Waiting {
  readonly startedAt: number;
  looks: number;
  readonly end: () => void;
}

/**
 * Measures how long others take to answer, fairly: a process reads answers in turns of its event loop, and one that is
 * busy takes its turns late. A wait is over when its time has passed and the loop has turned so many times in it, so
 * that an answer which has come could have been read.
 *
 * One timer for everybody who waits; none while nobody does.
 */
export class ResponsiveClock {
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly wait: ResponsiveWait,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /** Begins a wait. It is cancelled when its answer has come. */
  begin(): ResponsivePatience {
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    const waiting: Waiting = { startedAt: this.now(), looks: 0, end };
    this.waiting.add(waiting);
    this.timer ??= setInterval(() => this.look(), this.wait.ms / this.wait.looks).unref();
    return {
      over,
      verdict: () => {
        if (!this.waiting.has(waiting)) return 'late';
        return this.now() - waiting.startedAt < this.wait.ms ? 'in_time' : 'unknown';
      },
      cancel: () => this.remove(waiting),
    };
  }

  private look(): void {
    const { ms, looks, fewestLooks, longestMs } = this.wait;
    const now = this.now();
    for (const waiting of this.waiting) {
      waiting.looks += 1;
      const passedMs = now - waiting.startedAt;
      const isOver =
        (waiting.looks >= looks && passedMs >= ms) || (waiting.looks >= fewestLooks && passedMs >= longestMs);
      if (!isOver) continue;
      this.remove(waiting);
      waiting.end();
    }
  }

  private remove(waiting: Waiting): void {
    this.waiting.delete(waiting);
    if (this.waiting.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** One wait. */
export interface ResponsivePatience {
  /** Resolves when the wait is over; never after `cancel`. */
  readonly over: Promise<void>;
  /**
   * Of an answer that comes now, before `cancel`: it came in time, or late, or this process may not have got to reading
   * it in time.
   */
  verdict(): 'in_time' | 'late' | 'unknown';
  cancel(): void;
}
