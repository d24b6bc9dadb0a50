import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, inject } from 'vitest';
import { createLogger } from '../../src/lib/logger.js';
import { startPosthorn, type PosthornOptions } from '../../src/posthorn.js';
import { ApiClient } from './api-client.js';
import { createDatabase } from './database.js';
import { Proxy } from './proxy.js';
import { logRuntimeTo } from './runtime.js';
import { stopAfterwards } from './stop-afterwards.js';

export const WORKFLOW_BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
export const DASHBOARD = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));
export const SCHEMA_WORKER = fileURLToPath(new URL('../../dist/api/json-schema/worker.js', import.meta.url));
export const LOOPBACK = ['127.0.0.0/8', '::1/128'];

export interface TestPosthorn {
  /** The API with the administration key. */
  readonly api: ApiClient;
  readonly adminKey: string;
  readonly databaseUrl: string;
  readonly taskQueue: string;
  /** What stands before PostgreSQL, if it was asked for. */
  readonly postgres: Proxy | null;
  /** Everything that was logged, a JSON line each. */
  readonly log: readonly string[];
  /** One more process' worth of Posthorn on the same database and task queue. */
  beside(options: Partial<PosthornOptions>): Promise<Pick<TestPosthorn, 'api' | 'stop'>>;
  /** Ends this Posthorn as Ctrl-C would, and starts it again on the same port and servers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export type TestPosthornOptions = Partial<PosthornOptions> & {
  readonly postgresCanGoAway?: boolean;
  readonly logLevel?: 'trace' | 'debug';
};

const ADMIN_KEY = 'an-admin-key-for-tests';

/** One Posthorn for all tests of a file. It can be used in hooks and tests; `api` may be taken from it before. */
export function sharedPosthorn(options: TestPosthornOptions = {}): TestPosthorn {
  let started: TestPosthorn | undefined;
  beforeAll(async () => {
    started = await startTestPosthorn(options);
  });
  const posthorn = (): TestPosthorn => {
    if (!started) throw new Error('The Posthorn of this file starts before its tests, after this line.');
    return started;
  };
  const { adminKey = ADMIN_KEY } = options;
  return {
    api: new ApiClient(() => posthorn().api.url, adminKey),
    adminKey,
    get databaseUrl() {
      return posthorn().databaseUrl;
    },
    get taskQueue() {
      return posthorn().taskQueue;
    },
    get postgres() {
      return posthorn().postgres;
    },
    get log() {
      return posthorn().log;
    },
    beside: (different) => posthorn().beside(different),
    restart: () => posthorn().restart(),
    stop: () => posthorn().stop(),
  };
}

/** Posthorn in this process: a database and a task queue of its own, on the run's real servers. */
export async function startTestPosthorn(options: TestPosthornOptions = {}): Promise<TestPosthorn> {
  const log: string[] = [];
  const logger = createLogger(options.logLevel ?? 'debug', { write: (line) => log.push(line) });
  logRuntimeTo(logger);
  const database = await createDatabase();
  const databaseUrl = new URL(database.url);
  const postgres = options.postgresCanGoAway ? await Proxy.before(databaseUrl.host) : null;
  if (postgres) databaseUrl.host = postgres.address;
  const adminKey = options.adminKey ?? ADMIN_KEY;
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const settings: PosthornOptions = {
    parts: { api: true, worker: true },
    host: '127.0.0.1',
    port: 0,
    databaseUrl: databaseUrl.href,
    // Two of them are for lists.
    databaseConnections: 12,
    temporalAddress: inject('temporalAddress'),
    ownsTemporal: false,
    taskQueue,
    adminKey,
    encryptionKey: randomBytes(32),
    formerEncryptionKeys: [],
    allowedTargets: LOOPBACK,
    maxEventBytes: 262_144,
    requestsPerSecond: 0,
    // All tests come from one address, many with wrong keys.
    failedAuthenticationsPerMinute: 0,
    trustedProxies: [],
    concurrentAttempts: 50,
    retentionDays: 30,
    workflowBundlePath: WORKFLOW_BUNDLE,
    schemaWorkerPath: SCHEMA_WORKER,
    dashboardPath: DASHBOARD,
    logger,
    ...options,
  };
  let posthorn = await startPosthorn(settings);
  return {
    api: new ApiClient(posthorn.url ?? '', adminKey),
    adminKey,
    databaseUrl: database.url,
    taskQueue,
    log,
    postgres,
    async beside(different) {
      const other = await startPosthorn({ ...settings, port: 0, ...different });
      return {
        api: new ApiClient(other.url ?? '', adminKey),
        stop: stopAfterwards(() => other.stop()),
      };
    },
    async restart() {
      await posthorn.stop();
      posthorn = await startPosthorn({ ...settings, port: Number(new URL(posthorn.url ?? '').port) });
    },
    stop: stopAfterwards(async () => {
      await posthorn.stop();
      await postgres?.close();
      await database.drop();
    }),
  };
}
