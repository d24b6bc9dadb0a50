import type { Scope } from '../apps/api-keys.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** What a one-use link signs in to. */
export interface DashboardLink {
  /** Null: it signs in as the administrator. */
  readonly appId: string | null;
  readonly scopes: readonly Scope[];
  /** HMAC of the administration key by the token. */
  readonly adminProof: Buffer;
}

/**
 * @param tokenHash SHA-256 of the token, which is never stored
 * @returns when it ends, by the database's clock
 */
export async function insertDashboardLink(
  db: Queryable,
  { appId, scopes, adminProof }: DashboardLink,
  tokenHash: Buffer,
  ttlSeconds: number,
): Promise<Date> {
  const rows = await rowsOf<{ expiresAt: Date }>(
    db,
    sql`insert into dashboard_links (token_hash, app_id, scopes, admin_proof, expires_at)
     values (${tokenHash}, ${appId}, ${scopes}, ${adminProof}, now() + ${ttlSeconds} * interval '1 second')
     returning expires_at`,
  );
  return onlyRow(rows).expiresAt;
}

/** Null when there is none, or no longer. */
export async function findDashboardLink(db: Queryable, tokenHash: Buffer): Promise<DashboardLink | null> {
  const [link] = await rowsOf<DashboardLink>(
    db,
    sql`select app_id, scopes, admin_proof from dashboard_links
     where token_hash = ${tokenHash} and expires_at > now()`,
  );
  return link ?? null;
}

/** Takes a link, which works once; false when somebody else has taken it. */
export async function takeDashboardLink(db: Queryable, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`delete from dashboard_links where token_hash = ${tokenHash} and expires_at > now()`,
  );
  return rowCount === 1;
}
