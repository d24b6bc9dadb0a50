import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import pino from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/embedded/start-embedded.js';
import { migrate } from '../../src/store/database/migrate.js';
import { ensureSearchAttributes, untilSearchAttributesKnown } from '../../src/temporal/search-attributes.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The database that every test file's own is a copy of. */
    templateUrl: string;
    temporalAddress: string;
  }
}

/** One real PostgreSQL and one real Temporal server for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'posthorn-test-'));
  // As root, PostgreSQL runs as another user, who must be let in.
  await chmod(dataDir, 0o711);
  const servers = await startEmbedded({
    dataDir,
    postgres: true,
    temporal: {
      uiPort: null,
      serverPath: process.env.POSTHORN_TEMPORAL_SERVER,
    },
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const { databaseUrl = '', temporalAddress = '' } = servers;
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query('create database template_for_tests');
  await admin.end();
  const templateUrl = new URL(databaseUrl);
  templateUrl.pathname = '/template_for_tests';
  await migrate(templateUrl.href, pino({ level: 'silent' }));
  // Once, before tests do it at the same time.
  const connection = await Connection.connect({ address: temporalAddress });
  await ensureSearchAttributes(connection.operatorService, 'default');
  await untilSearchAttributesKnown(new Client({ connection }));
  await connection.close();
  project.provide('templateUrl', templateUrl.href);
  project.provide('temporalAddress', temporalAddress);
  return async () => {
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
