import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { findApiKey, type ApiKey, type Scope } from '../../store/apps/api-keys.js';
import type { Pool } from '../../store/database/pool.js';
import { Leased } from '../../lib/leased-cache.js';
import type { Caller } from '../http/route.js';
import type { Credential } from './credentials.js';
import { callerOfSession, type Sessions } from './sessions.js';

const LEASED_KEYS = 10_000;
/** The form of keys that `newApiKey` makes. Nothing else is looked up. */
const API_KEY = /^phk_[A-Za-z0-9_-]{43}$/;

/** Finds out who calls. */
export interface Authenticator {
  /** Whose key or session it is; null when it is nobody's, or none was given. */
  callerOf(credential: Credential | null): Promise<Caller | null>;
}

export function createAuthenticator(
  pool: Pool,
  adminKey: string,
  sessions: Pick<Sessions, 'of'>,
): Authenticator {
  const adminHash = hashOf(adminKey);
  const keys = new Leased<ApiKey>({
    read: (hash) => findApiKey(pool, Buffer.from(hash, 'base64')),
    mostSize: LEASED_KEYS,
  });
  return {
    async callerOf(credential) {
      if (credential === null) return null;
      if (credential.kind === 'session') {
        const session = await sessions.of(credential.token);
        return session && callerOfSession(session);
      }
      const hash = hashOf(credential.key);
      if (timingSafeEqual(hash, adminHash)) return { kind: 'admin' };
      if (!API_KEY.test(credential.key)) return null;
      const key = await keys.of(hash.toString('base64'));
      return key && { kind: 'key', key };
    },
  };
}

/** Whether a key may do what `scope` names; `write` implies `read`. */
export function allows(key: ApiKey, scope: Scope): boolean {
  return key.scopes.includes(scope) || key.scopes.some((held) => held === scope.replace(/:read$/, ':write'));
}

/** A new key of 256 random bits, and the hash that is stored instead of it. */
export function newApiKey(): { key: string; hash: Buffer } {
  const key = `phk_${randomBytes(32).toString('base64url')}`;
  return { key, hash: hashOf(key) };
}

/** Keys have enough random bits that a plain hash cannot be reversed. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
