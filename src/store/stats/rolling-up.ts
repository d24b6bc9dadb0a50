import type { Logger } from 'pino';
import type { Pool } from '../database/pool.js';
import { rollUp } from './roll-up.js';

const EVERY_MS = 20_000;
/** Of several processes, one computes in this time. Should it die, the next one comes within twice `EVERY_MS`. */
const NOT_WITHIN_MS = 15_000;

export interface RollingUp {
  /** Ends with the transaction that is under way. */
  stop(): Promise<void>;
}

/** Keeps the statistics up to date, from now on, beside all else that the process does. */
export function startRollingUp(
  pool: Pool,
  { retentionDays, now, logger }: { retentionDays: number; now: () => Date; logger: Logger },
): RollingUp {
  const stopping = new AbortController();
  const options = { now, retentionDays, notWithinMs: NOT_WITHIN_MS };
  const round = () =>
    rollUp(pool, options, stopping.signal).catch((err: unknown) =>
      logger.warn({ err }, 'could not bring the statistics up to date yet'),
    );
  let current: Promise<void> | null = null;
  const timer = setInterval(() => {
    current ??= round().finally(() => {
      current = null;
    });
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await current;
    },
  };
}
