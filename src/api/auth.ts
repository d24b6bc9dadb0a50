import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { findApiKey, type ApiKey, type Scope } from '../store/api-keys.js';
import type { Pool } from '../store/pool.js';
import type { Caller } from './route.js';

/** A revoked key works for no longer than this in another process; in this one it ends at once. */
const CACHE_MS = 500;
const CACHED_KEYS = 10_000;
/** As `newApiKey` makes them: nothing else needs to be looked up. */
const API_KEY = /^phk_[A-Za-z0-9_-]{43}$/;

/** Finds out who calls. */
export interface Authenticator {
  /** Whose key it is; null when it is nobody's, or none was given. */
  callerOf(authorization: string | undefined): Promise<Caller | null>;
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
      const given = keyIn(authorization);
      if (given === undefined) return null;
      const hash = hashOf(given);
      if (timingSafeEqual(hash, adminHash)) return { kind: 'admin' };
      if (!API_KEY.test(given)) return null;
      const name = hash.toString('base64');
      let known = remembered.get(name);
      if (!known) {
        const before = revocations;
        known = { key: await findApiKey(pool, hash) };
        if (before === revocations) remembered.set(name, known);
      }
      return known.key && { kind: 'key', key: known.key };
    },
    forget() {
      revocations += 1;
      remembered.clear();
    },
  };
}

/** The key in an `Authorization` header; undefined without one. */
export function keyIn(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
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
