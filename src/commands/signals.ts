/** Signals that ask the process to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes Ctrl-C on to a process that the terminal has told already: that is not a second one. */
const SAME_WISH_MS = 1_000;

export interface StopWish {
  /** Resolves at the first signal. */
  readonly wished: Promise<void>;
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
}

/** Watches for the wish to stop; a second wish, later, ends the process at once. */
export function watchForStop(say: (message: string) => void): StopWish {
  const controller = new AbortController();
  let wishedAt: number | null = null;
  const wished = new Promise<void>((resolve) => {
    const onSignal = (name: NodeJS.Signals) => {
      // The terminal is gone: what is said to it from now on is lost, and is no reason to break off.
      if (name === 'SIGHUP')
        for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
      const now = Date.now();
      if (wishedAt === null) {
        wishedAt = now;
        say('Stopping: attempts in flight are finished first. Press Ctrl-C again to end at once.');
        controller.abort(new Error('stopped'));
        resolve();
      } else if (now - wishedAt > SAME_WISH_MS) {
        process.exit(130);
      }
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
  return { wished, signal: controller.signal };
}
