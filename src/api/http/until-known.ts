import { setTimeout as sleep } from 'node:timers/promises';

/** PostgreSQL has an accepted event a moment later. A caller waits this long for it, then gets what is known. */
const PATIENCE_MS = 2_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

/** Looks until there is something to see; null when the time is up. */
export async function untilKnown<T>(look: () => Promise<T | null>): Promise<T | null> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (seen !== null || performance.now() + pause > deadline) return seen;
    await sleep(pause);
  }
}
