import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { startServer, type ServerProcess } from './child-process.js';
import type { ProcessRecord, StopSignals } from './leftovers.js';
import { onFreePorts } from './ports.js';
import { whenReady } from './ready.js';

export const TEMPORAL = 'the Temporal server';

export const TEMPORAL_STOP: StopSignals = [
  { signal: 'SIGTERM', waitMs: 15_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

/** A key that the server does not know and does not mind. */
export const temporalMarkArgument = (mark: string): string => `posthorn.startedBy="${mark}"`;

const NAMESPACE = 'default';

/** Of `temporal.api.enums.v1.IndexedValueType`. */
const INDEXED_VALUE_TYPE_KEYWORD = 2;

const READY_WITHIN_MS = 60_000;

/** Higher than the defaults (2,400, 3,000 and 1,200 a second): everything here comes from one process. */
const REQUESTS_PER_SECOND = 50_000;

const DYNAMIC_CONFIG = [
  'system.enableActivityEagerExecution=true', // off by default; saves a round trip to the task queue
  ...['frontend.rps', 'frontend.namespaceRPS', 'history.rps', 'matching.rps'].map(
    (key) => `${key}=${REQUESTS_PER_SECOND}`,
  ),
];

export interface TemporalOptions {
  readonly dataDir: string;
  readonly mark: string;
  readonly binary: string;
  /** Null = no UI. */
  readonly uiPort: number | null;
  readonly searchAttributes: Readonly<Record<string, 'Keyword'>>;
  readonly record: ProcessRecord;
  readonly signal: AbortSignal;
}

/** Starts the Temporal dev server on free loopback ports, on the SQLite file kept under `<dataDir>/temporal`. */
export async function startTemporal(
  options: TemporalOptions,
): Promise<{ server: ServerProcess; address: string }> {
  const directory = join(options.dataDir, 'temporal');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return onFreePorts(3, async ([port = 0, httpPort = 0, metricsPort = 0]) => {
    const address = `127.0.0.1:${port}`;
    const server = await startServer(
      {
        name: TEMPORAL,
        command: options.binary,
        args: serverArguments(options, directory, { port, httpPort, metricsPort }),
        cwd: directory,
        // Not our own environment: it holds secrets, and the command reads TEMPORAL_… and the user's profiles itself.
        env: { PATH: process.env['PATH'] ?? '', HOME: directory },
        logFile: join(options.dataDir, 'logs', 'temporal.log'),
        stopSignals: TEMPORAL_STOP,
      },
      options.record,
    );
    const ports = options.uiPort === null ? [port] : [port, options.uiPort];
    await whenReady(server, {
      withinMs: READY_WITHIN_MS,
      signal: options.signal,
      probe: () => probe(address, ports, options.searchAttributes),
    });
    return { server, address };
  });
}

function serverArguments(
  { mark, uiPort, searchAttributes }: TemporalOptions,
  directory: string,
  ports: { port: number; httpPort: number; metricsPort: number },
): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.port)],
    ...['--http-port', String(ports.httpPort), '--metrics-port', String(ports.metricsPort)],
    ...(uiPort === null ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
    // Survives the death of the process, not a power cut: twice as fast as the default pragmas.
    ...['--db-filename', join(directory, 'temporal.db')],
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    ...['--namespace', NAMESPACE, '--log-level', 'warn', '--log-format', 'json'],
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...[...DYNAMIC_CONFIG, temporalMarkArgument(mark)].flatMap((setting) => [
      '--dynamic-config-value',
      setting,
    ]),
  ];
}

/** Passes when the ports are listened on and the namespace is there, with the search attributes. */
async function probe(
  address: string,
  ports: readonly number[],
  searchAttributes: TemporalOptions['searchAttributes'],
): Promise<void> {
  for (const port of ports) await assertListening(port); // sooner done than a gRPC connection that backs off
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.withDeadline(Date.now() + 5_000, async () => {
      await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
      await assertSearchAttributes(connection, Object.keys(searchAttributes));
    });
  } finally {
    await connection.close();
  }
}

/**
 * `--search-attribute` counts only when the namespace is made, so those that a later release adds are registered here.
 * Passes when a query may name them: the server reads what is registered again only every few seconds.
 */
async function assertSearchAttributes(connection: Connection, names: readonly string[]): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: NAMESPACE,
  });
  const missing = names.filter((name) => customAttributes[name] === undefined);
  if (missing.length > 0) {
    const added = Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
    await connection.operatorService.addSearchAttributes({ namespace: NAMESPACE, searchAttributes: added });
  }
  for (const name of names) {
    const query = `${name} = ''`;
    await connection.workflowService.countWorkflowExecutions({ namespace: NAMESPACE, query });
  }
}

function assertListening(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
