import { acceptedAtOf } from '../delivery/delivery-id.js';
import { inTransaction, type Pool, type Queryable } from './pool.js';

/** The tables of the log, all partitioned by the day of the event. */
export const PARTITIONED_TABLES = ['events', 'deliveries', 'attempts'] as const;
const PARTITION_LOCK = 7_081_543;
export const DAY_MS = 86_400_000;

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

/** The name of a table's partition. */
export function partitionOf(table: (typeof PARTITIONED_TABLES)[number], day: Day): string {
  return `${table}_${day.replaceAll('-', '')}`;
}

/** The day of a partition, by its name. */
export function dayOfPartition(name: string): Day {
  return name.slice(-8).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
}

/**
 * How full pages become with new rows, in percent. A delivery is changed soon after it is made: where its page has
 * room for that, no index is written again.
 */
const FILL = { events: 100, deliveries: 50, attempts: 100 } as const;

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
          `create table if not exists ${partitionOf(table, day)} partition of ${table}
           for values from ('${day}') to ('${next}') with (fillfactor = ${FILL[table]})`,
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

/** With the number of a day, what those lock who drop it, and, shared, those who add deliveries to it. */
export const DAY_LOCK = 7_081_545;
/** A date, as a parameter, as the number of a day. */
export const dayNumber = (parameter: string) => `(${parameter}::date - date '2000-01-01')`;

/**
 * Keeps days from being dropped until the transaction ends. Whoever adds a delivery to a day that may be old does it
 * after this; the day may be gone when it returns.
 */
export async function holdDays(db: Queryable, days: readonly Day[]): Promise<void> {
  await db.query(
    `select pg_advisory_xact_lock_shared($1, ${dayNumber('day')})
     from (select distinct unnest($2::date[]) as day order by day) days`,
    [DAY_LOCK, days],
  );
}
