import { acceptedAtOf } from '../delivery/delivery-id.js';
import type { Logger } from 'pino';
import type { Pool } from './pool.js';
import { inTransaction } from './pool.js';

/** The tables of the log, all partitioned by the day of the event. */
const PARTITIONED_TABLES = ['events', 'deliveries', 'attempts'] as const;
const PARTITION_LOCK = 7_081_543;
const DAY_MS = 86_400_000;

/** A UTC day as `YYYY-MM-DD`: the partition key of every row of the log. */
export type Day = string;

export function dayOf(time: Date): Day {
  return time.toISOString().slice(0, 10);
}

/**
 * The day that a delivery's rows are kept under.
 * @throws Error when it is no delivery's id; those from outside are checked with `acceptedAtOf`
 */
export function dayOfDelivery(deliveryId: string): Day {
  const acceptedAt = acceptedAtOf(deliveryId);
  if (!acceptedAt) throw new Error(`not a delivery id: ${deliveryId}`);
  return dayOf(acceptedAt);
}

/** Makes the partitions of the days from `from` on, those that are missing; safe from any number of processes. */
export async function ensurePartitions(pool: Pool, from: Date, days: number): Promise<void> {
  const wanted = Array.from({ length: days }, (_, n) => new Date(from.getTime() + n * DAY_MS));
  await inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    for (const time of wanted) {
      const day = dayOf(time);
      const next = dayOf(new Date(time.getTime() + DAY_MS));
      for (const table of PARTITIONED_TABLES) {
        await client.query(
          `create table if not exists ${table}_${day.replaceAll('-', '')} partition of ${table}
           for values from ('${day}') to ('${next}')`,
        );
      }
    }
  });
}

/** Whether a write failed because its day has no partition yet. */
export function isMissingPartition(error: unknown): boolean {
  const { code, routine } = error as { code?: string; routine?: string };
  return code === '23514' && routine === 'ExecFindPartition';
}

const DAYS_AHEAD = 7;
const CHECK_EVERY_MS = 3_600_000;

/** Makes the partitions of the coming days, now and every hour. */
export async function keepPartitionsAhead(
  pool: Pool,
  logger: Logger,
): Promise<{ stop: () => Promise<void> }> {
  await ensurePartitions(pool, new Date(), DAYS_AHEAD);
  let current: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    current = ensurePartitions(pool, new Date(), DAYS_AHEAD).catch((error: unknown) => {
      logger.warn({ err: error }, 'the partitions of the coming days could not be made yet');
    });
  }, CHECK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return current;
    },
  };
}
