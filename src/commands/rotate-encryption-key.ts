import { loadConfig } from '../config.js';
import { createLogger } from '../lib/logger.js';
import { isDatabaseUnavailable } from '../store/database/errors.js';
import { createPool, type Pool } from '../store/database/pool.js';
import { sealAnew, unopenedBy, type Unopened } from '../store/secrets/seal-anew.js';
import { createSealer, type Sealer } from '../store/secrets/sealer.js';
import { UserError } from '../lib/user-error.js';
import { say } from './local.js';

/** How many of the endpoints that cannot be decrypted are named. */
const SHOWN = 5;

/**
 * `posthorn rotate-encryption-key`: seals every endpoint's secrets and headers anew with POSTHORN_ENCRYPTION_KEY,
 * while everything else goes on (0017).
 * @throws UserError when something is missing, and when something is left that the key does not open
 */
export async function runRotateEncryptionKey(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = loadConfig(environment);
  const { databaseUrl, encryptionKey, formerEncryptionKeys } = config;
  if (databaseUrl === undefined || encryptionKey === undefined) {
    throw new UserError(
      'Set DATABASE_URL, POSTHORN_ENCRYPTION_KEY (the new key) and POSTHORN_FORMER_ENCRYPTION_KEYS (the ' +
        'previous keys). The embedded PostgreSQL of `npm start` keeps its generated key.',
    );
  }
  const sealer = createSealer(encryptionKey, formerEncryptionKeys);
  const pool = createPool({ databaseUrl, connections: 2, logger: createLogger(config.logLevel) });
  try {
    await rotate(pool, sealer);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new UserError(
      `PostgreSQL cannot be reached at ${new URL(databaseUrl).host}. What was re-encrypted stays so: run this again.`,
      { cause: error },
    );
  } finally {
    await pool.end();
  }
}

async function rotate(pool: Pool, sealer: Sealer): Promise<void> {
  const { anew, already } = await sealAnew(pool, sealer);
  say(`Re-encrypted with the key ${sealer.keyId}: ${anew} endpoints. Encrypted with it before: ${already}.`);
  const left = await unopenedBy(pool, sealer);
  if (left.endpoints.length > 0) throw new UserError(whatIsLeft(left));
  say('This key decrypts everything: the former keys can be removed.');
}

function whatIsLeft({ endpoints, missing, former, altered }: Unopened): string {
  const reasons = [
    ...(missing.size === 0
      ? []
      : [`Missing keys: ${list(missing)}. Add them to POSTHORN_FORMER_ENCRYPTION_KEYS.`]),
    ...(former.size === 0
      ? []
      : [
          `Former keys that a process still encrypts with: ${list(former)}. Give every process the new key first.`,
        ]),
    ...(altered === 0
      ? []
      : [
          `Values that were altered after they were encrypted: ${altered}. Set these secrets and headers again.`,
        ]),
  ];
  const which = endpoints.slice(0, SHOWN).join(', ') + (endpoints.length > SHOWN ? ', …' : '');
  const what = `POSTHORN_ENCRYPTION_KEY does not decrypt the secrets of ${endpoints.length} endpoints: ${which}.`;
  return [what, ...reasons].join('\n');
}

function list(ids: ReadonlySet<string>): string {
  return [...ids].toSorted().join(', ');
}
