/** Takes one human-readable line. */
export type Progress = (message: string) => void;

/**
 * Runs a long step, and while it lasts says every `everyMs` how long it has been running, so that nobody takes it for a
 * hang.
 */
export async function withElapsed<T>(
  progress: Progress,
  everyMs: number,
  line: (elapsed: string) => string,
  step: () => Promise<T>,
): Promise<T> {
  const began = Date.now();
  const ticker = setInterval(() => progress(line(`${Math.round((Date.now() - began) / 1000)} s`)), everyMs);
  try {
    return await step();
  } finally {
    clearInterval(ticker);
  }
}
