import { loadConfig } from '../config.js';
import { createLogger } from '../lib/logger.js';
import { UserError } from '../lib/user-error.js';
import { migrate } from '../store/database/migrate.js';
import { say } from './local.js';

/**
 * `posthorn migrate`: brings the schema up to date, as every process does at its start, and ends.
 * @throws UserError when DATABASE_URL is not set, or PostgreSQL does not answer
 */
export async function runMigrate(environment: NodeJS.ProcessEnv): Promise<void> {
  const { databaseUrl, logLevel } = loadConfig(environment);
  if (databaseUrl === undefined) {
    throw new UserError('DATABASE_URL is not set: set it to the PostgreSQL that is to be migrated.');
  }
  await migrate(databaseUrl, createLogger(logLevel));
  say('The schema is up to date.');
}
