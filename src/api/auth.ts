import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { findApiKey, type ApiKey, type Scope } from '../store/api-keys.js';
import type { Pool } from '../store/pool.js';
import { problems } from './problem.js';
import type { Caller } from './route.js';

/** A revoked key works for no longer than this in another process; in this one it ends at once. */
const CACHE_MS = 500;
const CACHED_KEYS = 10_000;

/** Finds out who calls. */
export interface Authenticator {
  /** @throws Problem 401 */
  callerOf(authorization: string | undefined): Promise<Caller>;
  /** Forgets what is remembered of keys, after one was revoked. */
  forget(): void;
}

export function createAuthenticator(pool: Pool, adminKey: string): Authenticator {
  const adminHash = hashOf(adminKey);
  /** Counts revocations: what was looked up before one is not remembered after it. */
  let revocations = 0;
  const remembered = new LRUCache<string, { key: ApiKey | null }>({ max: CACHED_KEYS, ttl: CACHE_MS });
  return {
    async callerOf(authorization) {
      const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (given === undefined) throw problems.unauthorized();
      const hash = hashOf(given);
      if (timingSafeEqual(hash, adminHash)) return { kind: 'admin' };
      const name = hash.toString('base64');
      let known = remembered.get(name);
      if (!known) {
        const before = revocations;
        known = { key: await findApiKey(pool, hash) };
        if (before === revocations) remembered.set(name, known);
      }
      if (!known.key) throw problems.unauthorized();
      return { kind: 'key', key: known.key };
    },
    forget() {
      revocations += 1;
      remembered.clear();
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

/** Keys have so many random bits that a plain hash cannot be turned back. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
