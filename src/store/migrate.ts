import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { unlessAborted } from '../unless-aborted.js';
import { ConnectionFailed } from './errors.js';
import { troubleWith } from './trouble.js';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number, the same in every process: whoever holds this advisory lock migrates, the others wait. */
const MIGRATION_LOCK = 7_081_542;
/** What listens there may be no PostgreSQL, and say nothing. */
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Brings the database to the newest schema. Processes that start together take turns.
 * @param signal gives up when it is aborted: what is not committed then is rolled back
 * @throws UserError when nobody answers there
 */
export async function migrate(databaseUrl: string, logger: Logger, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const client = await connectTo(databaseUrl, signal);
  const giveUp = () => client.connection.stream.destroy();
  signal?.addEventListener('abort', giveUp);
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
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await client.end();
  }
}

/** @throws UserError when there is no connection to be had */
async function connectTo(databaseUrl: string, signal?: AbortSignal): Promise<pg.Client> {
  try {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    // The statement that meets a lost connection fails; unhandled, the event would end the process.
    client.on('error', () => undefined);
    await unlessAborted(
      signal,
      () => client.connect(),
      () => client.end(),
    );
    return client;
  } catch (error) {
    signal?.throwIfAborted();
    throw troubleWith(databaseUrl, new ConnectionFailed(error));
  }
}
