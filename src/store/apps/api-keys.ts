import type { PageRequest } from '../../domain/page.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** What a key may do; `write` implies `read`. */
export const SCOPES = ['webhooks:read', 'webhooks:write', 'events:read', 'events:write'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly id: string;
  readonly appId: string;
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
}

const COLUMNS = sql`id, app_id, name, scopes, created_at`;

/** @param hash SHA-256 of the key; the key itself is never stored */
export async function insertApiKey(db: Queryable, key: ApiKey, hash: Buffer): Promise<void> {
  const { id, appId, name, scopes, createdAt } = key;
  await db.query(
    sql`insert into api_keys (id, app_id, name, scopes, created_at, key_hash)
     values (${id}, ${appId}, ${name}, ${scopes}, ${createdAt}, ${hash})`,
  );
}

export async function findApiKey(db: Queryable, hash: Buffer): Promise<ApiKey | null> {
  const [key] = await rowsOf<ApiKey>(db, sql`select ${COLUMNS} from api_keys where key_hash = ${hash}`);
  return key ?? null;
}

export async function listApiKeys(db: Queryable, appId: string, page: PageRequest): Promise<ApiKey[]> {
  const { createdAt, id } = page.after ?? {};
  return rowsOf(
    db,
    sql`select ${COLUMNS} from api_keys
     where app_id = ${appId} and (${createdAt}::timestamptz is null or (created_at, id) < (${createdAt}, ${id}::uuid))
     order by created_at desc, id desc limit ${page.limit}`,
  );
}

export async function deleteApiKey(db: Queryable, appId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`delete from api_keys where app_id = ${appId} and id = ${id}`);
  return rowCount === 1;
}
