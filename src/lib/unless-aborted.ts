/**
 * What `work` gives, unless `signal` is aborted before. The work itself goes on then, and `late` is told what it gave,
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
  signal.addEventListener('abort', onAbort, { once: true });
  const working = work();
  try {
    return await Promise.race([working, aborted]);
  } catch (error) {
    // Nothing more can be done about what goes wrong with it.
    if (signal.aborted) void working.then(late).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
