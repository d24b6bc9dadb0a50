/**
 * Returns what `work` returns, unless it takes longer than `milliseconds`. The work itself goes on: it must be harmless when
 * it comes to an end later.
 * @throws what `timeUp` makes, when the time is up
 */
export async function withTimeout<T>(
  milliseconds: number,
  work: Promise<T>,
  timeUp: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timeUp()), milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
