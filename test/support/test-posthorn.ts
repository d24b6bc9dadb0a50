import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pino, { type Logger } from 'pino';
import { inject } from 'vitest';
import { startPosthorn, type PosthornOptions } from '../../src/posthorn.js';
import { installRuntime } from '../../src/temporal/runtime.js';
import { ApiClient } from './api-client.js';
import { createDatabase } from './database.js';

export const WORKFLOW_BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
export const LOOPBACK = ['127.0.0.0/8', '::1/128'];

export interface TestPosthorn {
  /** The API with the administration key. */
  readonly api: ApiClient;
  readonly adminKey: string;
  readonly databaseUrl: string;
  readonly taskQueue: string;
  /** Everything that was logged, a JSON line each. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

let runtimeInstalled = false;

/** Posthorn in this process: a database and a task queue of its own, on the run's real servers. */
export async function startTestPosthorn(options: Partial<PosthornOptions> = {}): Promise<TestPosthorn> {
  const log: string[] = [];
  const logger: Logger = pino({ level: 'debug', base: null }, { write: (line: string) => log.push(line) });
  if (!runtimeInstalled) installRuntime(logger);
  runtimeInstalled = true;
  const database = await createDatabase();
  const adminKey = 'an-admin-key-for-tests';
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const posthorn = await startPosthorn({
    parts: { api: true, worker: true },
    host: '127.0.0.1',
    port: 0,
    databaseUrl: database.url,
    databaseConnections: 10,
    temporalAddress: inject('temporalAddress'),
    taskQueue,
    adminKey,
    encryptionKey: randomBytes(32),
    allowedTargets: LOOPBACK,
    maxEventBytes: 262_144,
    concurrentAttempts: 50,
    workflowBundlePath: WORKFLOW_BUNDLE,
    logger,
    ...options,
  });
  return {
    api: new ApiClient(posthorn.url ?? '', adminKey),
    adminKey,
    databaseUrl: database.url,
    taskQueue,
    log,
    async stop() {
      await posthorn.stop();
      await database.drop();
    },
  };
}
