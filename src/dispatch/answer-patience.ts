/** The time in which a fast receiver answers. */
const FAST_MS = 500;
/** In it this process looks so often: in more turns than it takes to send a POST, read its answer and log it. */
const LOOKS = 10;
const LONGEST_MS = 2_000;
/** It takes so many turns to connect, send, and read an answer. */
const FEWEST_LOOKS = 4;

/**
 * The time in which a fast receiver would have answered: 500 ms, or some 2 s at most while a turn of this process's
 * event loop takes longer than 50 ms. Answers are read in its turns, and a POST takes several of them: a process that
 * has just started under load would else take every receiver for slow.
 */
export class AnswerPatience {
  /** Resolves when the time is up; never after `cancel`. */
  readonly over: Promise<void>;
  private readonly startedAt: number;
  private readonly looking: NodeJS.Timeout;
  private isOver = false;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {
    this.startedAt = now();
    let looks = 0;
    let end: () => void;
    this.over = new Promise((resolve) => (end = resolve));
    this.looking = setInterval(() => {
      looks += 1;
      if (looks < LOOKS && (looks < FEWEST_LOOKS || this.elapsed() < LONGEST_MS)) return;
      this.isOver = true;
      this.cancel();
      end();
    }, FAST_MS / LOOKS).unref();
  }

  /** What an answer that comes now says of its receiver: nothing, when this process may not have got to reading it. */
  standing(): 'fast' | 'slow' | 'unknown' {
    if (this.isOver) return 'slow';
    return this.elapsed() < FAST_MS ? 'fast' : 'unknown';
  }

  cancel(): void {
    clearInterval(this.looking);
  }

  private elapsed(): number {
    return this.now() - this.startedAt;
  }
}
