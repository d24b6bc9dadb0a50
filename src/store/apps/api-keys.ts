import type { PageRequest } from '../../domain/page.js';
import type { Queryable } from '../database/pool.js';

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

interface ApiKeyRow {
  id: string;
  app_id: string;
  name: string | null;
  scopes: Scope[];
  created_at: Date;
}

const COLUMNS = 'id, app_id, name, scopes, created_at';

/** @param hash SHA-256 of the key; the key itself is never stored */
export async function insertApiKey(db: Queryable, key: ApiKey, hash: Buffer): Promise<void> {
  await db.query(`insert into api_keys (${COLUMNS}, key_hash) values ($1, $2, $3, $4, $5, $6)`, [
    key.id,
    key.appId,
    key.name,
    key.scopes,
    key.createdAt,
    hash,
  ]);
}

export async function findApiKey(db: Queryable, hash: Buffer): Promise<ApiKey | null> {
  const { rows } = await db.query<ApiKeyRow>(`select ${COLUMNS} from api_keys where key_hash = $1`, [hash]);
  return rows[0] ? toApiKey(rows[0]) : null;
}

export async function listApiKeys(db: Queryable, appId: string, page: PageRequest): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKeyRow>(
    `select ${COLUMNS} from api_keys
     where app_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
     order by created_at desc, id desc limit $4`,
    [appId, page.after?.createdAt ?? null, page.after?.id ?? null, page.limit],
  );
  return rows.map(toApiKey);
}

export async function deleteApiKey(db: Queryable, appId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from api_keys where app_id = $1 and id = $2', [appId, id]);
  return rowCount === 1;
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    appId: row.app_id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
  };
}
