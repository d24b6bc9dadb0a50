import type { Logger } from 'pino';
import { forgetDashboardSessions } from '../dashboard/sessions.js';
import { forgetIdempotencyKeys } from '../apps/idempotency-keys.js';
import { dayOf, type Day } from '../../domain/day.js';
import { ensurePartitions, missingPartitions } from '../database/partitions.js';
import type { Pool } from '../database/pool.js';
import { forgetStatsBefore } from '../stats/forget-stats.js';
import { dropExpiredDays, forgetEventKeys, oldestKept } from './retention.js';

const DAYS_AHEAD = 7;
/** Today and tomorrow: with these a process can start. */
const DAYS_NEEDED = 2;
const EVERY_MS = 3_600_000;

export interface Housekeeping {
  /** Ends with the step that is being done. */
  stop(): Promise<void>;
}

/**
 * Makes the partitions of the coming days, drops those of the days that have expired, and forgets the statistics of
 * those days, the ids of events for which that is long past, and idempotency keys: now and every hour. Any number of processes may do it.
 * @throws when today or tomorrow has no partition, and none can be made
 */
export async function startHousekeeping(
  pool: Pool,
  { retentionDays, now: timeNow, logger }: { retentionDays: number; now: () => Date; logger: Logger },
): Promise<Housekeeping> {
  const startedAt = timeNow();
  await ensurePartitions(pool, startedAt, DAYS_AHEAD).catch(async (err: unknown) => {
    if ((await missingPartitions(pool, startedAt, DAYS_NEEDED)).length > 0) throw err;
    logger.warn(
      { err },
      'could not create the partitions of the coming days yet; those of today and tomorrow exist',
    );
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const mention = oncePerDay();

  const clearAway = async () => {
    const now = timeNow();
    const { dropped, kept, busy } = await dropExpiredDays(pool, { now, retentionDays }, signal);
    if (dropped.length > 0) logger.info({ days: dropped }, 'dropped expired days');
    for (const { day, open } of kept) {
      if (mention(day, now)) logger.warn({ day, open }, 'kept an expired day: it has open deliveries');
    }
    if (busy.length > 0)
      logger.warn(
        { days: busy },
        'expired days were in use or took too long to check; they are dropped later',
      );
    if (signal.aborted) return;
    const forgotten = await forgetEventKeys(pool, { now, retentionDays }, signal);
    if (forgotten > 0) logger.info({ ids: forgotten }, 'forgot the ids of events that were dropped long ago');
    if (!signal.aborted) await forgetIdempotencyKeys(pool, signal);
    if (!signal.aborted) await forgetDashboardSessions(pool, signal);
    if (!signal.aborted) await forgetStatsBefore(pool, new Date(oldestKept(now, retentionDays)), signal);
  };
  const tryTo = (what: string, work: () => Promise<void>) =>
    work().catch((err: unknown) => logger.warn({ err }, `could not ${what} yet`));
  const round = async () => {
    await tryTo('create partitions ahead', () => ensurePartitions(pool, timeNow(), DAYS_AHEAD));
    await tryTo('remove expired data', clearAway);
  };

  // This may take long, so nobody waits for it.
  let current = tryTo('remove expired data', clearAway);
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

/** Whether to log a message about a day: once per day as long as it holds. */
function oncePerDay(): (day: Day, now: Date) => boolean {
  const said = new Map<Day, Day>();
  return (day, now) => {
    const today = dayOf(now);
    if (said.get(day) === today) return false;
    said.set(day, today);
    return true;
  };
}
