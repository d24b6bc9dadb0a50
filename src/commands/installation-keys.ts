import { loadOrCreateKeys } from '../embedded/keys.js';
import type { Config } from '../config.js';
import { UserError } from '../lib/user-error.js';

/** The two secrets of an installation. */
export interface Keys {
  readonly adminKey: string;
  /** 32 bytes. */
  readonly encryptionKey: Buffer;
}

/**
 * The keys that were given, and for those that were not the ones kept in the data directory, made at first use.
 * @throws UserError in production, where every process must be given the same
 */
export async function keysFor(config: Config): Promise<Keys> {
  const { adminKey, encryptionKey } = config;
  if (adminKey !== undefined && encryptionKey !== undefined) return { adminKey, encryptionKey };
  if (config.production) {
    throw new UserError(
      'With NODE_ENV=production, set POSTHORN_ADMIN_KEY (at least 16 characters) and POSTHORN_ENCRYPTION_KEY ' +
        '(base64 of 32 random bytes, as from `openssl rand -base64 32`).',
    );
  }
  const kept = await loadOrCreateKeys(config.dataDir);
  return {
    adminKey: adminKey ?? kept.adminKey,
    encryptionKey: encryptionKey ?? Buffer.from(kept.encryptionKey, 'base64'),
  };
}
