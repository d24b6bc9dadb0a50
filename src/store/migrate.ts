import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number, the same in every process: whoever holds this advisory lock migrates, the others wait. */
const MIGRATION_LOCK = 7_081_542;

/** Brings the database to the newest schema. Processes that start together take turns. */
export async function migrate(databaseUrl: string, logger: Logger): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
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
