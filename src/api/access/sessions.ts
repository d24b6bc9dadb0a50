import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Leased, leasesEnd } from '../../lib/leased-cache.js';
import type { Scope } from '../../store/apps/api-keys.js';
import { inTransaction, type Pool, type Queryable } from '../../store/database/pool.js';
import { findDashboardLink, insertDashboardLink, takeDashboardLink } from '../../store/dashboard/links.js';
import {
  deleteDashboardSession,
  findDashboardSession,
  insertDashboardSession,
  type DashboardSession,
  type SessionOwner,
} from '../../store/dashboard/sessions.js';
import type { Caller } from '../http/route.js';

const LEASED_SESSIONS = 10_000;
/** The form of tokens. Nothing else is looked up. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A session, and the token that its browser keeps. */
export interface SignedIn {
  readonly token: string;
  readonly session: DashboardSession;
}

/**
 * Who is signed in to the dashboard. A session ends with its key; those of the administrator, and of the links that the
 * administrator has made, end with the administration key.
 */
export class Sessions {
  private readonly leased: Leased<DashboardSession>;

  constructor(
    private readonly pool: Pool,
    private readonly adminKey: string,
  ) {
    this.leased = new Leased({
      read: (hash) => findDashboardSession(pool, Buffer.from(hash, 'base64')),
      mostSize: LEASED_SESSIONS,
    });
  }

  /** The session of a token; null when it is nobody's, or has ended. */
  async of(token: string): Promise<DashboardSession | null> {
    if (!TOKEN.test(token)) return null;
    const session = await this.leased.of(hashOf(token).toString('base64'));
    return session && this.isInForce(session, token) ? session : null;
  }

  /** Signs in with a key; null when that has been revoked meanwhile. */
  async begin(caller: Caller): Promise<SignedIn | null> {
    const token = newToken();
    const owner: SessionOwner =
      caller.kind === 'admin' ? { kind: 'admin', adminProof: this.proofBy(token) } : caller;
    return this.store(this.pool, token, owner);
  }

  /** Signs in with a link, which works once; null when it does not, or no longer. */
  async beginByLink(linkToken: string): Promise<SignedIn | null> {
    if (!TOKEN.test(linkToken)) return null;
    const link = await findDashboardLink(this.pool, hashOf(linkToken));
    if (!link || !timingSafeEqual(link.adminProof, this.proofBy(linkToken))) return null;
    const { appId, scopes } = link;
    const token = newToken();
    const adminProof = this.proofBy(token);
    return inTransaction(this.pool, async (client) => {
      // The session first: it holds the application, as whoever deletes that does before the links to it.
      const signedIn = await this.store(
        client,
        token,
        appId === null ? { kind: 'admin', adminProof } : { kind: 'link', appId, scopes, adminProof },
      );
      if (!(await takeDashboardLink(client, hashOf(linkToken)))) throw new LinkTaken();
      return signedIn;
    }).catch((error: unknown) => {
      if (error instanceof LinkTaken) return null;
      throw error;
    });
  }

  /** Resolves when the session has ended in every process. */
  async end(token: string): Promise<void> {
    await deleteDashboardSession(this.pool, hashOf(token));
    await leasesEnd();
  }

  /**
   * Makes a link that signs in once.
   * @param appId null: as the administrator
   */
  async makeLink(
    db: Queryable,
    to: { readonly appId: string | null; readonly scopes: readonly Scope[] },
    ttlSeconds: number,
  ): Promise<{ token: string; expiresAt: Date }> {
    const token = newToken();
    const link = { ...to, adminProof: this.proofBy(token) };
    return { token, expiresAt: await insertDashboardLink(db, link, hashOf(token), ttlSeconds) };
  }

  private async store(db: Queryable, token: string, owner: SessionOwner): Promise<SignedIn | null> {
    const session = await insertDashboardSession(db, randomUUID(), owner, hashOf(token));
    return session && { token, session };
  }

  private isInForce(session: DashboardSession, token: string): boolean {
    return session.kind === 'key' || timingSafeEqual(session.adminProof, this.proofBy(token));
  }

  /** That the administration key is the same as when the token was made. Who reads the database cannot try keys by it. */
  private proofBy(token: string): Buffer {
    return createHmac('sha256', token).update(this.adminKey).digest();
  }
}

/** Somebody else was faster. */
class LinkTaken extends Error {
  override name = 'LinkTaken';
}

const newToken = () => randomBytes(32).toString('base64url');
/** Tokens have enough random bits that a plain hash cannot be reversed. */
const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** As whom a session calls. A link's is as good as a key of its application that has the link's scopes. */
export function callerOfSession(session: DashboardSession): Caller {
  switch (session.kind) {
    case 'admin':
      return { kind: 'admin' };
    case 'key':
      return { kind: 'key', key: session.key };
    case 'link': {
      const { id, appId, scopes, createdAt } = session;
      return { kind: 'key', key: { id, appId, name: null, scopes, createdAt } };
    }
  }
}
