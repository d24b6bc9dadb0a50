import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { UserError } from '../user-error.js';
import { isDatabaseUnavailable } from './errors.js';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number, the same in every process: whoever holds this advisory lock migrates, the others wait. */
const MIGRATION_LOCK = 7_081_542;

/**
 * Brings the database to the newest schema. Processes that start together take turns.
 * @throws UserError when nobody answers there
 */
export async function migrate(databaseUrl: string, logger: Logger): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // The statement that meets a lost connection fails; unhandled, the event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new UserError(`PostgreSQL cannot be reached at ${new URL(databaseUrl).host}.`, { cause: error });
  }
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: 'schema_migrations',
      checkOrder: true,
      noLock: true,
      logger: {
        debug: (message: string) => logger.trace(message),
        info: (message: string) => logger.debug(message),
        warn: (message: string) => logger.warn(message),
        // What fails is thrown; what it calls an error besides is about names of files.
        error: (message: string) => logger.debug(message),
      },
    });
  } finally {
    await client.end();
  }
}
