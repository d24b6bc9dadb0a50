import type { ApiKey, Scope } from '../apps/api-keys.js';
import type { Pool, Queryable } from '../database/pool.js';
import { rowsOf, sql, type Sql } from '../database/sql.js';

/** How long somebody stays signed in, in hours. */
export const SESSION_HOURS = 12;
/** Sessions of one owner: the oldest end for new ones. */
const MOST_OF_AN_OWNER = 100;
/** Rows deleted per statement. */
const ROWS_AT_ONCE = 5_000;

/** Whose a session is: what it may do follows from that. */
export type SessionOwner =
  | { readonly kind: 'admin'; readonly adminProof: Buffer }
  | { readonly kind: 'key'; readonly key: ApiKey }
  | {
      readonly kind: 'link';
      readonly appId: string;
      readonly scopes: readonly Scope[];
      readonly adminProof: Buffer;
    };

export type DashboardSession = SessionOwner & {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/**
 * @param tokenHash SHA-256 of the token, which is never stored
 * @returns null when the key, or the application, has been deleted meanwhile
 */
export async function insertDashboardSession(
  db: Queryable,
  id: string,
  owner: SessionOwner,
  tokenHash: Buffer,
): Promise<DashboardSession | null> {
  const { appId, scopes } = owner.kind === 'link' ? owner : { appId: null, scopes: null };
  const keyId = owner.kind === 'key' ? owner.key.id : null;
  const adminProof = owner.kind === 'key' ? null : owner.adminProof;
  const name = ownerName(owner);
  // What it belongs to is held until the session is there. The application comes first, as whoever deletes it has it.
  const rows = await rowsOf<{ createdAt: Date; expiresAt: Date }>(
    db,
    sql`with belongs_to as materialized (
       ${belongsTo(owner)}
     ), ended as (
       delete from dashboard_sessions where id in (
         select id from dashboard_sessions where owner = ${name}
         order by created_at desc offset ${MOST_OF_AN_OWNER - 1}
       )
     )
     insert into dashboard_sessions
       (id, token_hash, kind, owner, app_id, scopes, key_id, admin_proof, created_at, expires_at)
     select ${id}, ${tokenHash}, ${owner.kind}, ${name}, ${appId}, ${scopes}, ${keyId}, ${adminProof},
       now(), now() + ${SESSION_HOURS} * interval '1 hour'
     from belongs_to
     returning created_at, expires_at`,
  );
  const [times] = rows;
  return times ? { ...owner, id, ...times } : null;
}

function ownerName(owner: SessionOwner): string {
  switch (owner.kind) {
    case 'admin':
      return 'admin';
    case 'key':
      return `key/${owner.key.id}`;
    case 'link':
      return `link/${owner.appId}`;
  }
}

/** One row while what the session belongs to is there. */
function belongsTo(owner: SessionOwner): Sql {
  switch (owner.kind) {
    case 'admin':
      return sql`select 1`;
    case 'key':
      return sql`select 1 from api_keys where id = ${owner.key.id} for key share`;
    case 'link':
      return sql`select 1 from apps where id = ${owner.appId} for key share`;
  }
}

interface Row {
  readonly id: string;
  readonly kind: 'admin' | 'key' | 'link';
  readonly appId: string;
  readonly scopes: readonly Scope[];
  readonly adminProof: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly keyId: string;
  readonly keyName: string | null;
  readonly keyCreatedAt: Date;
}

/** The session of a token; null when there is none, or no longer. */
export async function findDashboardSession(
  db: Queryable,
  tokenHash: Buffer,
): Promise<DashboardSession | null> {
  const [row] = await rowsOf<Row>(
    db,
    sql`select s.id, s.kind, s.admin_proof, s.created_at, s.expires_at, k.id as key_id, k.name as key_name,
       k.created_at as key_created_at, coalesce(s.app_id, k.app_id) as app_id, coalesce(s.scopes, k.scopes) as scopes
     from dashboard_sessions s left join api_keys k on k.id = s.key_id
     where s.token_hash = ${tokenHash} and s.expires_at > now()`,
  );
  if (!row) return null;
  const { id, createdAt, expiresAt } = row;
  return { ...ownerOf(row), id, createdAt, expiresAt };
}

function ownerOf(row: Row): SessionOwner {
  const { kind, appId, scopes, adminProof } = row;
  switch (kind) {
    case 'admin':
      return { kind, adminProof };
    case 'link':
      return { kind, appId, scopes, adminProof };
    case 'key':
      return { kind, key: { id: row.keyId, appId, name: row.keyName, scopes, createdAt: row.keyCreatedAt } };
  }
}

/** Signs out. */
export async function deleteDashboardSession(db: Queryable, tokenHash: Buffer): Promise<void> {
  await db.query(sql`delete from dashboard_sessions where token_hash = ${tokenHash}`);
}

/** Deletes the sessions and the links that have ended. */
export async function forgetDashboardSessions(pool: Pool, signal?: AbortSignal): Promise<void> {
  for (const table of [sql`dashboard_sessions`, sql`dashboard_links`]) {
    for (;;) {
      const { rowCount } = await pool.query(
        sql`delete from ${table} where token_hash in (
           select token_hash from ${table} where expires_at <= now()
           order by expires_at limit ${ROWS_AT_ONCE} for update skip locked
         )`,
      );
      if ((rowCount ?? 0) < ROWS_AT_ONCE || signal?.aborted) break;
    }
  }
}
