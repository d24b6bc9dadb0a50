import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { STOP_SIGNALS } from '../embedded/temporal/server.js';
import { goInstall } from '../embedded/go-install.js';
import { keptForUser } from '../embedded/kept.js';
import { onFreePorts } from '../embedded/ports.js';
import { startServer, type ServerProcess } from '../embedded/processes/child.js';
import { run } from '../embedded/processes/run.js';
import type { Progress } from '../embedded/progress.js';
import { whenReady } from '../embedded/ready.js';
import { isNotFound } from '../temporal/calls.js';
import { UserError } from '../lib/user-error.js';

/** A Temporal server as production has it, on PostgreSQL: built once for this user, started on free loopback ports. */

/** The newest that the Go of today builds; it has its schemas inside. */
const TEMPORAL_SERVER_VERSION = '1.32.0';
const SERVER = 'go.temporal.io/server/cmd/server';
const SCHEMA_TOOL = 'go.temporal.io/server/cmd/tools/sql';
const WHAT = 'a Temporal server for PostgreSQL';
/** Its schema keeps them in 16 bits with a sign. */
const PORTS = { from: 20_000, to: 32_000 };
const PLUGIN = 'postgres12';
const NAMESPACE = 'default';
const READY_WITHIN_MS = 90_000;
/** A build that takes longer than this comes to nothing. */
const LONGEST_MS = 3_600_000;
/** As many as a small installation has. */
const SHARDS = 4;

export async function startTemporalOnPostgres(options: {
  /** A role that may make databases. */
  readonly databaseUrl: string;
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<{ readonly server: ServerProcess; readonly address: string }> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(LONGEST_MS)]);
  const { server: command, tool } = await commands(options.progress, signal);
  const database = new URL(options.databaseUrl);
  await makeSchemas(tool, database);
  return onFreePorts(8, PORTS, async (ports) => {
    const address = `127.0.0.1:${ports[0]}`;
    const configFile = join(options.folder, 'temporal.json');
    // YAML, of which JSON is a part.
    await writeFile(configFile, JSON.stringify(configuration(database, ports)), { mode: 0o600 });
    const server = await startServer({
      name: 'the Temporal server',
      command,
      args: ['--config-file', configFile, '--allow-no-auth', 'start'],
      cwd: options.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: options.folder },
      logFile: join(options.folder, 'temporal.log'),
      stopSignals: STOP_SIGNALS,
    });
    await whenReady(server, { withinMs: READY_WITHIN_MS, signal, probe: () => makeNamespace(address) });
    return { server, address };
  });
}

/** Both commands, side by side. */
async function commands(progress: Progress, signal: AbortSignal): Promise<{ server: string; tool: string }> {
  const server = await keptForUser({
    folder: `temporal-server-${TEMPORAL_SERVER_VERSION}`,
    file: 'temporal-server',
    what: WHAT,
    progress,
    signal,
    async make(target, workDir) {
      const notBuilt = await goInstall({
        packages: [SERVER, SCHEMA_TOOL].map((name) => `${name}@v${TEMPORAL_SERVER_VERSION}`),
        workDir,
        what: WHAT,
        takes: 'some 7 minutes on two cores',
        progress,
        signal,
      });
      if (notBuilt !== undefined) {
        throw new UserError(
          `There is no Temporal server for PostgreSQL (${notBuilt}): set DATABASE_URL and TEMPORAL_ADDRESS, or measure with --embedded.`,
        );
      }
      await rename(join(workDir, 'sql'), toolBeside(target));
      // Last: where it is, all is there.
      await rename(join(workDir, 'server'), target);
    },
  });
  return { server, tool: toolBeside(server) };
}

const toolBeside = (server: string) => join(dirname(server), 'temporal-sql-tool');

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
      // Known to all of its services.
      await service
        .describeWorkflowExecution({ namespace: NAMESPACE, execution: { workflowId: 'none' } })
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
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
