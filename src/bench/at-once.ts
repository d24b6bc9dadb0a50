/** Does `work` for 0 … count - 1, so many at the same time. */
export async function atOnce(
  concurrency: number,
  count: number,
  work: (n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      await work(n);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, one));
}
