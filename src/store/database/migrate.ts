import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { errorCode, messageOf } from '../../lib/errors.js';
import { unlessAborted } from '../../lib/unless-aborted.js';
import { UserError } from '../../lib/user-error.js';
import { ConnectionFailed } from './errors.js';
import { isInTheWay, LOCK_TIMEOUT_MS } from './locks.js';
import { troubleWith } from './trouble.js';

export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
export const MIGRATIONS_TABLE = 'schema_migrations';
/** Any number, the same in every process: whoever holds this advisory lock migrates, the others wait. */
const MIGRATION_LOCK = 7_081_542;
/** The server that listens there may not be PostgreSQL, and say nothing. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Pause between two tries, in which everyone else goes on. */
const PAUSE_MS = 1_000;
/** How often a waiting migration says whom it waits for. */
const SAY_EVERY_MS = 10_000;
/** A backup may take this long. */
const PATIENCE_MS = 1_800_000;

/** Of memory that processes share: in a migration that is where locks are. */
const OUT_OF_MEMORY = '53200';
/** `max_locks_per_transaction`: four times the default, enough for 400 days even with 30 connections. */
const ENOUGH_LOCKS = 256;

export interface MigrateOptions {
  /** How long others may be in the way, in milliseconds. */
  readonly patienceMs?: number;
  /** Abort it to give up: uncommitted work is rolled back. */
  readonly signal?: AbortSignal | undefined;
  /** Where the migrations are; Posthorn's own by default. */
  readonly folder?: string;
}

/**
 * Brings the database to the newest schema. Processes that start together take turns; where there is nothing to do,
 * no lock is taken. What somebody else keeps it from is tried again until that ends.
 * @throws UserError when no server answers, or other sessions block it for half an hour
 */
export async function migrate(
  databaseUrl: string,
  logger: Logger,
  { patienceMs = PATIENCE_MS, signal, folder = MIGRATIONS }: MigrateOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const client = await connectTo(databaseUrl, signal);
  const giveUp = () => client.connection.stream.destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    const until = performance.now() + patienceMs;
    let saidAt = -Infinity;
    while ((await isBehind(client, folder)) && !(await hasMigrated(client, folder, logger))) {
      const blockers = (await whoIsInTheWay(client)) || 'nobody any more';
      const now = performance.now();
      if (now > until) {
        throw new UserError(
          `The database cannot be migrated: other sessions have used its tables for too long: ${blockers}. Start again when they have ended.`,
        );
      }
      if (now > saidAt + SAY_EVERY_MS) {
        logger.warn({ waits_for: blockers }, 'the migration waits for other sessions that use the tables');
        saidAt = now;
      }
      await sleep(PAUSE_MS, undefined, { signal });
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await client.end();
  }
}

/** Whether a migration is missing. */
async function isBehind(client: pg.Client, folder: string): Promise<boolean> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'));
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regclass('${MIGRATIONS_TABLE}') is not null as exists`,
  );
  if (found[0]?.exists !== true) return true;
  const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`);
  const done = new Set(rows.map(({ name }) => name));
  return files.some((file) => !done.has(file.slice(0, -'.sql'.length)));
}

/** Migrates, each migration in a transaction of its own; false when somebody was in the way. */
async function hasMigrated(client: pg.Client, folder: string, logger: Logger): Promise<boolean> {
  await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  } catch (error) {
    if (isInTheWay(error)) return false;
    throw error;
  }
  try {
    await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: MIGRATIONS_TABLE,
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
    return true;
  } catch (error) {
    // The runner leaves the transaction of the migration that failed.
    await client.query('rollback');
    if (isInTheWay(error)) return false;
    if (errorCode(error) === OUT_OF_MEMORY) {
      throw new UserError(
        `The database cannot be migrated: PostgreSQL has too few locks for all days of the log (${messageOf(error)}). Set its max_locks_per_transaction to ${ENOUGH_LOCKS}, restart it, and start again; after that it can be set back.`,
      );
    }
    throw error;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  }
}

/** The transactions that hold locks now, as people know them; none: they have ended meanwhile. */
async function whoIsInTheWay(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ who: string }>(
    `select distinct format('%s (process %s, since %s)', coalesce(nullif(application_name, ''), usename), pid,
       to_char(xact_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as who
     from pg_locks join pg_stat_activity using (pid)
     where granted and pid <> pg_backend_pid() and datname = current_database()
       and (locktype = 'relation' and relation >= 16384 and xact_start < now() - interval '100 milliseconds'
         or locktype = 'advisory' and objid = $1)
     limit 5`,
    [MIGRATION_LOCK],
  );
  return rows.map(({ who }) => who).join(', ');
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
