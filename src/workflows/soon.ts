/**
 * Calls `work` once for all calls of a turn, after them: a table of a thousand deliveries is made once when something
 * has changed in each, and not a thousand times.
 */
export function soon(work: () => void): () => void {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    void Promise.resolve().then(() => {
      isPlanned = false;
      work();
    });
  };
}
