import type { Pool, Queryable } from '../database/pool.js';
import { onlyRow } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** What requests with an `Idempotency-Key` have created; kept for 24 hours by the database's clock. */

const HAS_EXPIRED = sql`idempotency_keys.created_at <= now() - interval '24 hours'`;
/** Rows deleted per statement. */
const ROWS_AT_ONCE = 5_000;

/**
 * Keeps everybody else from creating for a key until the transaction ends. Nobody waits: false when somebody else does.
 * @param keyHash 32 bytes
 */
export async function tryLockIdempotencyKey(db: Queryable, keyHash: Buffer): Promise<boolean> {
  const number = keyHash.readBigInt64BE(0).toString();
  const rows = await rowsOf<{ free: boolean }>(db, sql`select pg_try_advisory_xact_lock(${number}) as free`);
  return onlyRow(rows).free;
}

/** What is stored under a key; null when there is nothing, or no longer. */
export async function findIdempotencyKey(db: Queryable, keyHash: Buffer): Promise<Buffer | null> {
  const [found] = await rowsOf<{ sealed: Buffer }>(
    db,
    sql`select sealed from idempotency_keys where key_hash = ${keyHash} and not (${HAS_EXPIRED})`,
  );
  return found?.sealed ?? null;
}

/** Remembers something under a key; false when something is remembered already. */
export async function insertIdempotencyKey(db: Queryable, keyHash: Buffer, sealed: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`insert into idempotency_keys (key_hash, sealed, created_at) values (${keyHash}, ${sealed}, now())
     on conflict (key_hash) do update set sealed = excluded.sealed, created_at = excluded.created_at
     where ${HAS_EXPIRED}`,
  );
  return rowCount === 1;
}

/** Replaces what is remembered under a key, for as long as that was to be. */
export async function updateIdempotencyKey(db: Queryable, keyHash: Buffer, sealed: Buffer): Promise<void> {
  await db.query(sql`update idempotency_keys set sealed = ${sealed} where key_hash = ${keyHash}`);
}

/**
 * Deletes what is remembered no longer.
 * @returns how many
 */
export async function forgetIdempotencyKeys(pool: Pool, signal?: AbortSignal): Promise<number> {
  for (let forgotten = 0; ;) {
    const { rowCount } = await pool.query(
      sql`delete from idempotency_keys where key_hash in (
         select key_hash from idempotency_keys where ${HAS_EXPIRED}
         order by created_at limit ${ROWS_AT_ONCE} for update skip locked
       )`,
    );
    forgotten += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_AT_ONCE || signal?.aborted) return forgotten;
  }
}
