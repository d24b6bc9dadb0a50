import type { Pool, Queryable } from '../database/pool.js';
import { onlyRow } from '../database/pool.js';

/** What requests with an `Idempotency-Key` have created; kept for 24 hours by the database's clock. */

const HAS_EXPIRED = "idempotency_keys.created_at <= now() - interval '24 hours'";
/** Rows deleted per statement. */
const ROWS_AT_ONCE = 5_000;

/**
 * Keeps everybody else from creating for a key until the transaction ends. Nobody waits: false when somebody else does.
 * @param keyHash 32 bytes
 */
export async function tryLockIdempotencyKey(db: Queryable, keyHash: Buffer): Promise<boolean> {
  const { rows } = await db.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1) as free', [
    keyHash.readBigInt64BE(0).toString(),
  ]);
  return onlyRow(rows).free;
}

/** What is stored under a key; null when there is nothing, or no longer. */
export async function findIdempotencyKey(db: Queryable, keyHash: Buffer): Promise<Buffer | null> {
  const { rows } = await db.query<{ sealed: Buffer }>(
    `select sealed from idempotency_keys where key_hash = $1 and not (${HAS_EXPIRED})`,
    [keyHash],
  );
  return rows[0]?.sealed ?? null;
}

/** Remembers something under a key; false when something is remembered already. */
export async function insertIdempotencyKey(db: Queryable, keyHash: Buffer, sealed: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into idempotency_keys (key_hash, sealed, created_at) values ($1, $2, now())
     on conflict (key_hash) do update set sealed = excluded.sealed, created_at = excluded.created_at
     where ${HAS_EXPIRED}`,
    [keyHash, sealed],
  );
  return rowCount === 1;
}

/** Replaces what is remembered under a key, for as long as that was to be. */
export async function updateIdempotencyKey(db: Queryable, keyHash: Buffer, sealed: Buffer): Promise<void> {
  await db.query('update idempotency_keys set sealed = $2 where key_hash = $1', [keyHash, sealed]);
}

/**
 * Deletes what is remembered no longer.
 * @returns how many
 */
export async function forgetIdempotencyKeys(pool: Pool, signal?: AbortSignal): Promise<number> {
  for (let forgotten = 0; ;) {
    const { rowCount } = await pool.query(
      `delete from idempotency_keys where key_hash in (
         select key_hash from idempotency_keys where ${HAS_EXPIRED}
         order by created_at limit $1 for update skip locked
       )`,
      [ROWS_AT_ONCE],
    );
    forgotten += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_AT_ONCE || signal?.aborted) return forgotten;
  }
}
