import { chown, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { errorCode } from '../../lib/errors.js';
import { UserError } from '../../lib/user-error.js';
import { syncDirectory } from '../files.js';
import { onFreePorts } from '../ports.js';
import { startServer, type ServerProcess, type StopSignals } from '../processes/child.js';
import type { Leftover } from '../processes/leftovers.js';
import { run } from '../processes/run.js';
import { processTable } from '../processes/table.js';
import type { Progress } from '../progress.js';
import { whenReady } from '../ready.js';
import { postgresBinaries, type PostgresBinaries } from './binaries.js';
import { clearStalePidFile, runningPostmaster } from './pid-file.js';
import { assertReachable, postgresUser, type PostgresUser } from './user.js';

const NAME = 'PostgreSQL';

/** Fast shutdown, then immediate (recovers at the next start), then what cannot be refused. */
const STOP_SIGNALS: StopSignals = [
  { signal: 'SIGINT', waitMs: 30_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

const markArgument = (mark: string): string => `cluster_name=${mark}`;

const OWNER = 'posthorn'; // the superuser and the database
const READY_WITHIN_MS = 120_000; // recovery after a crash may take its time

export interface PostgresOptions {
  readonly dataDir: string;
  readonly mark: string;
  readonly password: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Starts PostgreSQL on a free loopback port, on the data kept under `<dataDir>/postgres`, which it makes if missing. */
export async function startPostgres(
  options: PostgresOptions,
): Promise<{ server: ServerProcess; url: string }> {
  const binaries = await postgresBinaries();
  const user = await postgresUser(options.progress);
  await assertReachable(user, binaries.postgres, 'move the checkout elsewhere');
  await assertReachable(user, options.dataDir, 'set POSTHORN_DATA_DIR to a directory elsewhere');
  const cluster = clusterOf(options.dataDir);
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) await initialise(cluster, binaries, user, options);
  else await assertSameVersion(cluster, version.trim(), binaries);
  await clearStalePidFile(cluster);
  return onFreePorts(1, null, ([port = 0]) => startOn(port, cluster, binaries, user, options));
}

/** How a PostgreSQL that was left behind on this directory is found, by its mark or by its pid file, and ended. */
export function postgresLeftover(dataDir: string, mark: string): Leftover {
  return {
    name: NAME,
    stopSignals: STOP_SIGNALS,
    pids: async () => {
      const marked = await processTable.startedWith(markArgument(mark));
      const postmaster = await runningPostmaster(clusterOf(dataDir));
      return postmaster === undefined || marked.includes(postmaster) ? marked : [...marked, postmaster];
    },
  };
}

/** In a directory beside, which gets its name only when complete: an interrupted initdb leaves nothing in the way. */
async function initialise(
  cluster: string,
  { initdb }: PostgresBinaries,
  user: PostgresUser | undefined,
  { dataDir, password, progress, signal }: PostgresOptions,
): Promise<void> {
  progress('Creating the PostgreSQL database (the first start only)');
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres.new'))
      await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
  const draft = `${cluster}.new-${process.pid}`;
  const passwordFile = `${draft}.password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user !== undefined)
      await Promise.all([draft, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    const args = [
      '--username',
      OWNER,
      '--auth',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '--pgdata',
      draft,
    ];
    // The C locale sorts by code point, the same on every machine.
    const { code, output } = await run(initdb, [...args, '--encoding', 'UTF8', '--locale', 'C'], {
      cwd: draft,
      env: environment(),
      user,
      signal,
    });
    if (code !== 0) throw new UserError(`PostgreSQL could not create its database: ${lastLine(output)}`);
    await rename(draft, cluster);
    await syncDirectory(dataDir);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function assertSameVersion(
  cluster: string,
  version: string,
  { postgres }: PostgresBinaries,
): Promise<void> {
  const { output } = await run(postgres, ['--version']);
  const installed = /\) (\d+)/.exec(output)?.[1];
  if (installed === undefined) throw new UserError(`PostgreSQL cannot be run: ${lastLine(output)}`);
  if (installed !== version) {
    throw new UserError(
      `${cluster} was written by PostgreSQL ${version}, but ${installed} is installed: go back to that version of Posthorn, or start with another POSTHORN_DATA_DIR.`,
    );
  }
}

async function startOn(
  port: number,
  cluster: string,
  binaries: PostgresBinaries,
  user: PostgresUser | undefined,
  options: PostgresOptions,
): Promise<{ server: ServerProcess; url: string }> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    markArgument(options.mark),
  ];
  const server = await startServer({
    name: NAME,
    command: binaries.postgres,
    args: ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: cluster,
    env: environment(),
    user,
    logFile: join(options.dataDir, 'logs', 'postgres.log'),
    stopSignals: STOP_SIGNALS,
  });
  const url = (database: string): string =>
    `postgres://${OWNER}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`;
  await whenReady(server, {
    withinMs: READY_WITHIN_MS,
    signal: options.signal,
    probe: () => createDatabase(url('postgres'), options.dataDir),
  });
  return { server, url: url(OWNER) };
}

/** Creates our database unless it is there. Fails while the server does not answer yet. */
async function createDatabase(url: string, dataDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the call that it fails reports it
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [OWNER]);
    if (rowCount === 0) await client.query(`create database ${OWNER}`);
  } catch (error) {
    if (errorCode(error) !== '28P01') throw error;
    throw new UserError(
      `The password in ${join(dataDir, 'keys.json')} is not the one that this PostgreSQL was created with: restore that file, or delete ${dataDir} to start afresh.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function clusterOf(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Nothing of ours: no secrets, and no PG… variable that would change what it does. */
function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
