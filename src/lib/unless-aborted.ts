/**
 * Returns what `work` returns, unless `signal` is aborted before. Then the work goes on, and `late` gets what it returned,
 * so that it can be closed.
 * @throws the signal's reason
 */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  late: (given: T) => unknown = () => undefined,
): Promise<T> {
  if (!signal) return work();
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
  });
  signal.addEventListener('abort', onAbort);
  const working = work();
  try {
    return await Promise.race([working, aborted]);
  } catch (error) {
    // Nothing more can be done about what goes wrong with it.
    void working.then(late).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
