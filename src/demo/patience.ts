import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../lib/user-error.js';

const PAUSE_MS = 25;

/** How the demo waits: for so long, and not after a stop. */
export class Patience {
  constructor(private readonly signal: AbortSignal) {}

  /**
   * What `work` gives, which goes on by itself and must be harmless when it is given up.
   * @throws UserError with `otherwise` when that takes longer; the signal's reason at a stop
   */
  async for<T>(milliseconds: number, work: Promise<T>, otherwise: string): Promise<T> {
    const won = new AbortController();
    const limit = sleep(milliseconds, undefined, { signal: AbortSignal.any([this.signal, won.signal]) });
    const timeUp = limit.then(() => {
      throw new UserError(otherwise);
    });
    try {
      return await Promise.race([work, timeUp]);
    } finally {
      won.abort();
    }
  }

  /** What `look` sees, as soon as that is something. Throws as above. */
  async until<T>(milliseconds: number, look: () => Promise<T | null>, otherwise: string): Promise<T> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const seen = await look();
      if (seen !== null) return seen;
      if (Date.now() > deadline) throw new UserError(otherwise);
      await this.pause(PAUSE_MS);
    }
  }

  /** Until the clock shows this time. */
  untilTime(time: Date): Promise<void> {
    return this.pause(Math.max(0, time.getTime() - Date.now()));
  }

  private pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.signal });
  }
}
