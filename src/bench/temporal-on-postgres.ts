import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { isExecutableFile } from '../embedded/files.js';
import { goInstall } from '../embedded/go-install.js';
import { onFreePorts } from '../embedded/ports.js';
import { startServer, type ServerProcess } from '../embedded/processes/child.js';
import { lock } from '../embedded/processes/lock.js';
import { run } from '../embedded/processes/run.js';
import type { Progress } from '../embedded/progress.js';
import { whenReady } from '../embedded/ready.js';
import { userCache } from '../embedded/user-cache.js';
import { UserError } from '../user-error.js';

/** A Temporal server as production has it, on PostgreSQL: built once for this user, started on free loopback ports. */

/** The newest that the Go of today builds; it has its schemas inside. */
const TEMPORAL_SERVER_VERSION = '1.32.0';
const SERVER = 'go.temporal.io/server/cmd/server';
const SCHEMA_TOOL = 'go.temporal.io/server/cmd/tools/sql';
/** What they are called here, in lists of processes too. */
const SERVER_FILE = 'temporal-server';
const TOOL_FILE = 'temporal-sql-tool';
const PLUGIN = 'postgres12';
const NAMESPACE = 'default';
const READY_WITHIN_MS = 90_000;
/** As many as a small installation has. */
const SHARDS = 4;

export async function startTemporalOnPostgres(options: {
  /** A role that may make databases. */
  readonly databaseUrl: string;
  readonly folder: string;
  readonly progress: Progress;
}): Promise<{ readonly server: ServerProcess; readonly address: string }> {
  const signal = new AbortController().signal;
  const binaries = await serverAndTool(options.progress, signal);
  const database = new URL(options.databaseUrl);
  await makeSchemas(join(binaries, TOOL_FILE), database);
  return onFreePorts(9, async (ports) => {
    const address = `127.0.0.1:${ports[0]}`;
    const configFile = join(options.folder, 'temporal.json');
    // YAML, of which JSON is a part.
    await writeFile(configFile, JSON.stringify(configuration(database, ports)), { mode: 0o600 });
    const server = await startServer({
      name: 'the Temporal server',
      command: join(binaries, SERVER_FILE),
      args: ['--config-file', configFile, '--allow-no-auth', 'start'],
      cwd: options.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: options.folder },
      logFile: join(options.folder, 'temporal.log'),
      stopSignals: [
        { signal: 'SIGTERM', waitMs: 15_000 },
        { signal: 'SIGKILL', waitMs: 5_000 },
      ],
    });
    await whenReady(server, { withinMs: READY_WITHIN_MS, signal, probe: () => makeNamespace(address) });
    return { server, address };
  });
}

/** The folder with both commands. */
async function serverAndTool(progress: Progress, signal: AbortSignal): Promise<string> {
  const folder = join(await userCache(), `temporal-server-${TEMPORAL_SERVER_VERSION}`);
  if (await isExecutableFile(join(folder, SERVER_FILE))) return folder;
  await mkdir(folder, { recursive: true });
  const release = await lock(`${folder}.lock`, {
    onWait: (pid) => progress(`Waiting for process ${pid}, which builds the Temporal server`),
  });
  const workDir = await mkdtemp(join(folder, 'unfinished-'));
  try {
    if (await isExecutableFile(join(folder, SERVER_FILE))) return folder;
    const notBuilt = await goInstall({
      packages: [SERVER, SCHEMA_TOOL].map((name) => `${name}@v${TEMPORAL_SERVER_VERSION}`),
      workDir,
      what: 'a Temporal server for PostgreSQL',
      takes: 'some 7 minutes on two cores',
      progress,
      signal,
    });
    if (notBuilt !== undefined) {
      throw new UserError(
        `There is no Temporal server for PostgreSQL (${notBuilt}): set DATABASE_URL and TEMPORAL_ADDRESS, or measure with --embedded.`,
      );
    }
    await rename(join(workDir, 'sql'), join(folder, TOOL_FILE));
    // Last: where it is, all is there.
    await rename(join(workDir, 'server'), join(folder, SERVER_FILE));
    return folder;
  } finally {
    await rm(workDir, { recursive: true, force: true });
    await release();
  }
}

const DATABASES = { temporal: 'temporal', temporal_visibility: 'visibility' } as const;

async function makeSchemas(tool: string, { hostname, port, username, password }: URL): Promise<void> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    SQL_HOST: hostname,
    SQL_PORT: port,
    SQL_USER: decodeURIComponent(username),
    SQL_PASSWORD: decodeURIComponent(password),
    SQL_PLUGIN: PLUGIN,
  };
  for (const [database, schema] of Object.entries(DATABASES)) {
    for (const step of [
      ['create-database'],
      ['setup-schema', '--version', '0.0'],
      ['update-schema', '--schema-name', `postgresql/v12/${schema}`],
    ]) {
      const { code, output } = await run(tool, ['--database', database, ...step], { env });
      if (code !== 0) throw new UserError(`Temporal's schema could not be made: ${output.slice(-500)}`);
    }
  }
}

function configuration({ host, username, password }: URL, ports: readonly number[]) {
  const sql = (databaseName: keyof typeof DATABASES, maxConns: number) => ({
    sql: {
      pluginName: PLUGIN,
      databaseName,
      connectAddr: host,
      connectProtocol: 'tcp',
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const services = ['frontend', 'matching', 'history', 'worker'].map((name, index) => [
    name,
    { rpc: { grpcPort: ports[2 * index], membershipPort: ports[2 * index + 1], bindOnLocalHost: true } },
  ]);
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: SHARDS,
      datastores: { default: sql('temporal', 20), visibility: sql('temporal_visibility', 5) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(services) as unknown,
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports[0]}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
  };
}

/** Passes when the server answers and the namespace is there. */
async function makeNamespace(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    const service = connection.workflowService;
    const known = await service.listNamespaces({});
    if (known.namespaces.some(({ namespaceInfo }) => namespaceInfo?.name === NAMESPACE)) {
      await service
        .describeWorkflowExecution({ namespace: NAMESPACE, execution: { workflowId: 'none' } })
        .catch((error: unknown) => {
          if ((error as { code?: number }).code !== 5) throw error;
        });
      return;
    }
    await service.registerNamespace({
      namespace: NAMESPACE,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    throw new Error('the namespace has just been made');
  } finally {
    await connection.close();
  }
}
