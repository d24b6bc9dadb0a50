import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { MIGRATIONS, MIGRATIONS_TABLE } from '../../src/store/database/migrate.js';
import { stopAfterwards } from './stop-afterwards.js';

/** Posthorn's migrations and one of a later version, in a folder of their own. */
export interface LaterMigrations {
  readonly folder: string;
}

/** @param later statements: what the later migration does, and what undoes that */
export async function withLaterMigration(later: {
  readonly up: string;
  readonly down: string;
}): Promise<LaterMigrations> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-migrations-'));
  stopAfterwards(() => rm(folder, { recursive: true }));
  await cp(MIGRATIONS, folder, { recursive: true });
  const sql = `-- Up Migration\n${later.up};\n-- Down Migration\n${later.down};\n`;
  await writeFile(join(folder, '9999_later.sql'), sql);
  return { folder };
}

/** Undoes the last migrations that a database has: one, or so many. */
export async function undoMigration(databaseUrl: string, folder = MIGRATIONS, count = 1): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runner({
      dbClient: client,
      dir: folder,
      direction: 'down',
      count,
      migrationsTable: MIGRATIONS_TABLE,
      noLock: true,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
  } finally {
    await client.end();
  }
}
