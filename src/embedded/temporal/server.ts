import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { onFreePorts } from '../ports.js';
import { startServer, type ServerProcess, type StopSignals } from '../processes/child.js';
import type { Leftover } from '../processes/leftovers.js';
import { processTable } from '../processes/table.js';
import { whenReady } from '../ready.js';

const NAME = 'the Temporal server';

export const STOP_SIGNALS: StopSignals = [
  { signal: 'SIGTERM', waitMs: 15_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

/** A key that the server does not know and does not mind. */
const markArgument = (mark: string): string => `posthorn.startedBy="${mark}"`;

const NAMESPACE = 'default';

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
  readonly signal: AbortSignal;
}

/** Starts the Temporal dev server on free loopback ports, on the SQLite file kept under `<dataDir>/temporal`. */
export async function startTemporal(
  options: TemporalOptions,
): Promise<{ server: ServerProcess; address: string }> {
  const directory = join(options.dataDir, 'temporal');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return onFreePorts(3, null, async ([port = 0, httpPort = 0, metricsPort = 0]) => {
    const address = `127.0.0.1:${port}`;
    const server = await startServer({
      name: NAME,
      command: options.binary,
      args: serverArguments(options, directory, { port, httpPort, metricsPort }),
      cwd: directory,
      // Not our own environment: it holds secrets, and the command reads TEMPORAL_… and the user's profiles itself.
      env: { PATH: process.env['PATH'] ?? '', HOME: directory },
      logFile: join(options.dataDir, 'logs', 'temporal.log'),
      stopSignals: STOP_SIGNALS,
    });
    const ports = options.uiPort === null ? [port] : [port, options.uiPort];
    await whenReady(server, {
      withinMs: READY_WITHIN_MS,
      signal: options.signal,
      probe: () => probe(address, ports),
    });
    return { server, address };
  });
}

/** How a Temporal server that was left behind on this directory is found and ended. */
export function temporalLeftover(mark: string): Leftover {
  return {
    name: NAME,
    stopSignals: STOP_SIGNALS,
    pids: () => processTable.startedWith(markArgument(mark)),
  };
}

function serverArguments(
  { mark, uiPort }: TemporalOptions,
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
    ...[...DYNAMIC_CONFIG, markArgument(mark)].flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

/** Passes when the ports are listened on and the namespace is there. */
async function probe(address: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) await assertListening(port); // sooner done than a gRPC connection that backs off
  const connection = await Connection.connect({
    address,
    connectTimeout: '2s',
    // Whatever proxy the environment names: this server is on this machine.
    channelArgs: { 'grpc.enable_http_proxy': 0 },
  });
  try {
    await connection.withDeadline(Date.now() + 5_000, () =>
      connection.workflowService.describeNamespace({ namespace: NAMESPACE }),
    );
  } finally {
    await connection.close();
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
