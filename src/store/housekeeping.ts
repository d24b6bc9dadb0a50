import type { Logger } from 'pino';
import { forgetIdempotencyKeys } from './idempotency-keys.js';
import { dayOf, ensurePartitions, type Day } from './partitions.js';
import type { Pool } from './pool.js';
import { dropExpiredDays, forgetEventKeys } from './retention.js';

const DAYS_AHEAD = 7;
const EVERY_MS = 3_600_000;

export interface Housekeeping {
  /** Ends with the step that is being done. */
  stop(): Promise<void>;
}

/**
 * Makes the partitions of the coming days, drops those of the days that have expired, and forgets the ids of events
 * for which that is long past, and idempotency keys: now and every hour. Any number of processes may do it.
 */
export async function startHousekeeping(
  pool: Pool,
  { retentionDays, logger }: { retentionDays: number; logger: Logger },
): Promise<Housekeeping> {
  await ensurePartitions(pool, new Date(), DAYS_AHEAD);
  const stopping = new AbortController();
  const { signal } = stopping;
  const mention = oncePerDay();

  const clearAway = async () => {
    const now = new Date();
    const { dropped, kept, busy } = await dropExpiredDays(pool, { now, retentionDays }, signal);
    if (dropped.length > 0) logger.info({ days: dropped }, 'expired days were dropped from the log');
    for (const { day, open } of kept) {
      if (mention(day, now))
        logger.warn({ day, open }, 'an expired day stays in the log: deliveries are open');
    }
    if (busy.length > 0)
      logger.warn(
        { days: busy },
        'expired days were in use, or took too long to look through, and are dropped later',
      );
    if (signal.aborted) return;
    const forgotten = await forgetEventKeys(pool, { now, retentionDays }, signal);
    if (forgotten > 0)
      logger.info({ ids: forgotten }, 'the ids of events that were dropped long ago are forgotten');
    if (!signal.aborted) await forgetIdempotencyKeys(pool, signal);
  };
  const tryTo = (what: string, work: () => Promise<void>) =>
    work().catch((err: unknown) => logger.warn({ err }, `${what} could not be done yet`));
  const round = async () => {
    await tryTo('making partitions ahead', () => ensurePartitions(pool, new Date(), DAYS_AHEAD));
    await tryTo('clearing away what has expired', clearAway);
  };

  // There may be much to do: nobody waits for it.
  let current = tryTo('clearing away what has expired', clearAway);
  const timer = setInterval(() => {
    current = current.then(round);
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      stopping.abort();
      return current;
    },
  };
}

/** Whether something about a day of the log is to be said: once on every day that it holds. */
function oncePerDay(): (day: Day, now: Date) => boolean {
  const said = new Map<Day, Day>();
  return (day, now) => {
    const today = dayOf(now);
    if (said.get(day) === today) return false;
    said.set(day, today);
    return true;
  };
}
