import type { SystemState } from '../explanation/explanation.js';
import { oldestDueMs } from '../store/deliveries/oldest-due.js';
import type { Pool } from '../store/database/pool.js';
import type { Readiness } from '../temporal/readiness.js';

/** What this process knows of the installation: one look every few seconds, whoever asks for it. */
export interface SystemWatch {
  /** As of the last look. Before the first, everything counts as working. */
  state(): SystemState;
  /** Ends with the look that is under way. */
  stop(): Promise<void>;
}

const EVERY_MS = 5_000;

export function startSystemWatch({
  pool,
  readiness,
  now,
}: {
  readonly pool: Pool;
  readonly readiness: Readiness;
  readonly now: () => Date;
}): SystemWatch {
  let state: SystemState = { temporalAnswers: true, workersPoll: true, oldestDueMs: null };
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const [{ temporal, worker }, due] = await Promise.all([
      readiness(),
      // Without PostgreSQL nobody gets an explanation either.
      oldestDueMs(pool, now()).catch(() => null),
    ]);
    state = { temporalAnswers: temporal, workersPoll: worker, oldestDueMs: due };
  };
  let looking = Promise.resolve();
  const lookAndWait = () => {
    looking = look().finally(() => {
      if (!isStopped) timer = setTimeout(lookAndWait, EVERY_MS).unref();
    });
  };
  lookAndWait();

  return {
    state: () => state,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
