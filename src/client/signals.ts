import { TookTooLong } from './unreachable.js';

/** The signals that may end a call; those that were not given are left out. */
export type Signals = readonly (AbortSignal | undefined)[];

/** @throws the reason of the first that is aborted */
export function throwIfAborted(signals: Signals): void {
  for (const signal of signals) signal?.throwIfAborted();
}

/** @returns whether one is aborted */
export function isAborted(signals: Signals): boolean {
  return signals.some((signal) => signal?.aborted === true);
}

/** Waits. @throws the reason of a signal that is aborted meanwhile */
export async function pause(milliseconds: number, signals: Signals): Promise<void> {
  throwIfAborted(signals);
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    for (const signal of signals) signal?.addEventListener('abort', done);
  });
  throwIfAborted(signals);
}

/**
 * Ends a call when it takes too long, or when one of the given signals is aborted. Not `AbortSignal.any`: a signal of the
 * caller's lives longer than the call, and would keep what hangs on it.
 */
export class Limit {
  private readonly controller = new AbortController();
  private readonly onAbort = () => this.controller.abort();

  constructor(
    private readonly milliseconds: number,
    private readonly signals: Signals,
  ) {
    if (isAborted(signals)) this.onAbort();
    for (const signal of signals) signal?.addEventListener('abort', this.onAbort);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /**
   * What `work` gives, which has so long from now on.
   * @throws TookTooLong, the reason of a signal, or what `work` throws
   */
  async within<T>(work: Promise<T>): Promise<T> {
    let tookTooLong = false;
    const timer = setTimeout(() => {
      tookTooLong = true;
      this.controller.abort();
    }, this.milliseconds);
    try {
      return await work;
    } catch (error) {
      throwIfAborted(this.signals);
      throw tookTooLong ? new TookTooLong(this.milliseconds) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets go of the signals: the call is over. */
  release(): void {
    for (const signal of this.signals) signal?.removeEventListener('abort', this.onAbort);
  }

  /** Ends the call, which still goes on. */
  end(): void {
    this.release();
    this.controller.abort();
  }
}
