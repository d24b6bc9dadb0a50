import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { postgresLeftover } from '../../src/embedded/postgres/server.js';
import { serverMark } from '../../src/embedded/processes/leftovers.js';
import { identify, isRunning, type ProcessIdentity } from '../../src/embedded/processes/table.js';
import { startEmbedded, type Embedded, type EmbeddedOptions } from '../../src/embedded/start-embedded.js';
import { temporalBinary } from '../../src/embedded/temporal/binary.js';
import { temporalLeftover } from '../../src/embedded/temporal/server.js';
import {
  APP_ATTRIBUTE,
  ensureSearchAttributes,
  untilSearchAttributesKnown,
} from '../../src/temporal/search-attributes.js';
import { UserError } from '../../src/lib/user-error.js';
import { freePort } from '../support/free-port.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Server extends ProcessIdentity {
  name: string;
}

interface Message {
  type: 'progress' | 'ready' | 'failed' | 'sigint';
  line?: string;
  message?: string;
  databaseUrl?: string;
}

let scratch: string;
let dataDir: string;
let started: Embedded[];
let parents: ChildProcess[];
let said: string[];

// Built the first time, which takes longer than any test may.
beforeAll(
  () =>
    temporalBinary({
      progress: (line) => process.stderr.write(`${line}\n`),
      signal: AbortSignal.timeout(900_000),
    }),
  900_000,
);

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'posthorn-embedded-'));
  await chmod(scratch, 0o711); // as root, PostgreSQL runs as another user
  dataDir = join(scratch, 'data');
  [started, parents, said] = [[], [], []];
});

afterEach(async () => {
  for (const embedded of started) await embedded.stop();
  for (const parent of parents) {
    if (parent.exitCode !== null || parent.signalCode !== null) continue;
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  }
  const abandoned = await serversOf(dataDir).catch(() => []); // there may be no such directory
  for (const server of abandoned) if (await isRunning(server)) process.kill(server.pid, 'SIGKILL');
  await rm(scratch, { recursive: true, force: true, maxRetries: 10 });
});

const everything = (): EmbeddedOptions => ({
  dataDir,
  postgres: true,
  temporal: { uiPort: null },
  progress: (line) => said.push(line),
});

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const embedded = await startEmbedded({ ...everything(), ...options });
  started.push(embedded);
  return embedded;
}

/** The same in a process of its own, in a process group of its own. */
function startInChild(options: Partial<EmbeddedOptions> = {}): ChildProcess {
  const script = fileURLToPath(new URL('../support/embedded-parent.mjs', import.meta.url));
  const parent = fork(script, [JSON.stringify({ ...everything(), ...options })], {
    detached: true,
    execArgv: [],
  });
  parents.push(parent);
  return parent;
}

function message(parent: ChildProcess, ...types: Message['type'][]): Promise<Message> {
  return new Promise((resolve, reject) => {
    parent.on('message', (value) => {
      const received = value as Message;
      if (types.includes(received.type)) resolve(received);
      else if (received.type === 'failed') reject(new Error(received.message));
    });
    parent.once('exit', () => reject(new Error('the child ended')));
  });
}

/** The running servers of that data directory, found as the next start would find them. */
async function serversOf(directory: string): Promise<Server[]> {
  const mark = await serverMark(directory);
  const servers: Server[] = [];
  for (const { name, pids } of [postgresLeftover(directory, mark), temporalLeftover(mark)]) {
    for (const pid of await pids()) {
      const identity = await identify(pid);
      if (identity !== undefined) servers.push({ name, ...identity });
    }
  }
  return servers;
}

const names = (servers: readonly Server[]): string[] => servers.map(({ name }) => name);

async function running(servers: readonly Server[]): Promise<string[]> {
  const states = await Promise.all(servers.map(isRunning));
  return names(servers.filter((_, index) => states[index]));
}

async function sql(databaseUrl: string | undefined, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A `temporal` command whose server keeps what it knows of search attributes for two seconds, as outside of development. */
async function asInProduction(): Promise<string> {
  const path = join(scratch, 'temporal');
  const binary = await temporalBinary({ progress: () => undefined, signal: AbortSignal.timeout(10_000) });
  const setting = '--dynamic-config-value system.forceSearchAttributesCacheRefreshOnRead=false';
  await writeFile(
    path,
    `#!/bin/sh\nif [ "$1" = server ]; then set -- "$@" ${setting}; fi\nexec '${binary}' "$@"\n`,
  );
  await chmod(path, 0o755);
  return path;
}

async function withTemporal<T>(address: string | undefined, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: address ?? '' });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

test('data is kept over a restart, in PostgreSQL and in Temporal', async () => {
  const first = await start();
  await sql(first.databaseUrl, `create table kept as select 'über' as word`);
  await withTemporal(first.temporalAddress, (client) =>
    client.workflow.start('anything', { workflowId: 'kept', taskQueue: 'none' }),
  );
  await first.stop();

  const second = await start();
  expect(await sql(second.databaseUrl, 'select word from kept')).toEqual([{ word: 'über' }]);
  const kept = await withTemporal(second.temporalAddress, (client) =>
    client.workflow.getHandle('kept').describe(),
  );
  expect(kept.status.name).toBe('RUNNING');
});

test('PostgreSQL sorts by code point, speaks UTF-8, and wants the password even from this machine', async () => {
  const { databaseUrl = '' } = await start({ temporal: false });
  expect(
    await sql(
      databaseUrl,
      `select datcollate, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'posthorn'`,
    ),
  ).toEqual([{ datcollate: 'C', encoding: 'UTF8' }]);
  await expect(sql(databaseUrl.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
    'password authentication failed',
  );
});

test('search attributes are registered on data that is already there, and known once that was waited for', async () => {
  await (await start({ postgres: false })).stop();
  const serverPath = await asInProduction();
  const { temporalAddress } = await start({ postgres: false, temporal: { uiPort: null, serverPath } });
  await withTemporal(temporalAddress, async (client) => {
    await ensureSearchAttributes(client.connection.operatorService, 'default');
    await untilSearchAttributesKnown(client); // without this the server refuses the start
    await client.workflow.start('anything', {
      workflowId: 'tagged',
      taskQueue: 'none',
      typedSearchAttributes: [{ key: APP_ATTRIBUTE, value: 'x' }],
    });
  });
});

test('stop leaves no process and no lock behind', async () => {
  const embedded = await start();
  const servers = await serversOf(dataDir);
  expect(names(servers)).toEqual(['PostgreSQL', 'the Temporal server']);
  await embedded.stop();
  await embedded.stop();
  expect(await running(servers)).toEqual([]);
  expect((await readdir(dataDir)).sort()).toEqual(['keys.json', 'logs', 'postgres', 'temporal']);
});

test('servers left behind by a parent that was killed are ended by the next start', async () => {
  const parent = startInChild();
  const { databaseUrl } = await message(parent, 'ready');
  await sql(databaseUrl, 'create table kept (id int)');
  const servers = await serversOf(dataDir);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(await running(servers)).toHaveLength(2);

  const next = await start();
  expect(await running(servers)).toEqual([]);
  expect(said.filter((line) => line.includes('left behind'))).toHaveLength(2);
  expect(await sql(next.databaseUrl, 'select * from kept')).toEqual([]);
});

test('a PostgreSQL that was left behind is found by its pid file too, where the mark is of a directory that was moved', async () => {
  const parent = startInChild({ temporal: false });
  await message(parent, 'ready');
  const servers = await serversOf(dataDir);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const moved = join(scratch, 'moved');
  await rename(dataDir, moved);
  await mkdir(dataDir, { mode: 0o711 });
  for (const name of ['keys.json', 'postgres']) await rename(join(moved, name), join(dataDir, name));

  await start({ temporal: false });
  expect(await running(servers)).toEqual([]);
  expect(said.filter((line) => line.includes('left behind'))).toHaveLength(1);
});

test('a foreign process that now has the pid in the pid file is not touched', async () => {
  const foreign = spawn('sleep', ['600']);
  try {
    await once(foreign, 'spawn');
    await (await start()).stop();
    const cluster = join(dataDir, 'postgres');
    await writeFile(join(cluster, 'postmaster.pid'), `${foreign.pid}\n${cluster}\n`);

    await start();
    expect(foreign.exitCode ?? foreign.signalCode).toBeNull();
    expect(said.filter((line) => line.includes('left behind'))).toEqual([]);
  } finally {
    foreign.kill();
  }
});

test('a second start on the same directory is refused while the first runs', async () => {
  const parent = startInChild({ temporal: false });
  const { databaseUrl } = await message(parent, 'ready');
  const refused = start({ temporal: false });
  await expect(refused).rejects.toThrow(UserError);
  await expect(refused).rejects.toThrow(`Posthorn (process ${parent.pid}) is already running on ${dataDir}`);
  expect(await sql(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('of several starts at once on a directory whose owner was killed, exactly one wins', async () => {
  const killed = startInChild({ temporal: false });
  await message(killed, 'ready');
  killed.kill('SIGKILL');
  await once(killed, 'exit');

  const outcomes = await Promise.all(
    [1, 2, 3, 4].map(() => message(startInChild({ temporal: false }), 'ready', 'failed')),
  );
  expect(outcomes.map((outcome) => outcome.type).sort()).toEqual(['failed', 'failed', 'failed', 'ready']);
  for (const { type, message: text } of outcomes)
    if (type === 'failed') expect(text).toContain('is already running on');
});

test('two instances with different directories and UI ports run side by side', async () => {
  const [uiPort, otherUiPort] = [await freePort(), await freePort()];
  const [one, other] = await Promise.all([
    start({ temporal: { uiPort } }),
    start({ temporal: { uiPort: otherUiPort }, dataDir: join(scratch, 'other') }),
  ]);
  for (const { databaseUrl, temporalUiUrl = '' } of [one, other]) {
    expect(await sql(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await fetch(temporalUiUrl)).status).toBe(200);
  }
  await one.stop();
  expect(await sql(other.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('Ctrl-C in the terminal reaches the parent alone', async () => {
  const parent = startInChild();
  await message(parent, 'ready');
  const servers = await serversOf(dataDir);
  const interrupted = message(parent, 'sigint');
  process.kill(-(parent.pid ?? NaN), 'SIGINT'); // to the whole group, as a terminal does
  await interrupted;
  expect(await running(servers)).toHaveLength(2);
  parent.send('stop');
  await once(parent, 'exit');
  expect(await running(servers)).toEqual([]);
});

test('a start that is killed while it creates the database does not hinder the next', async () => {
  const parent = startInChild({ temporal: false });
  const { line } = await message(parent, 'progress');
  expect(line).toContain('Creating the PostgreSQL database');
  process.kill(-(parent.pid ?? NaN), 'SIGKILL');
  await once(parent, 'exit');

  const { databaseUrl } = await start({ temporal: false });
  expect(await sql(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.'))).toEqual([]);
});

test('a server that is killed is reported, the other is still stopped, and the next start recovers', async () => {
  const embedded = await start();
  await sql(embedded.databaseUrl, 'create table kept as select 1 as one');
  const servers = await serversOf(dataDir);
  const postgres = servers.find(({ name }) => name === 'PostgreSQL');
  process.kill(postgres?.pid ?? NaN, 'SIGKILL');
  const exit = await embedded.onUnexpectedExit;
  expect(exit).toMatchObject({ name: 'PostgreSQL', code: null, signal: 'SIGKILL' });
  expect(exit.logTail).toContain('ready to accept connections');
  await embedded.stop();
  expect(await running(servers)).toEqual([]);

  const next = await start();
  expect(await sql(next.databaseUrl, 'select one from kept')).toEqual([{ one: 1 }]);
});

test("a taken port of Temporal's UI is named before anything is started", async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    await expect(start({ temporal: { uiPort: port } })).rejects.toThrow(
      `Port ${port}, for Temporal's UI, is in use: set POSTHORN_TEMPORAL_UI_PORT to a free one.`,
    );
    expect(await readdir(dataDir)).toEqual([]);
  } finally {
    server.close();
  }
});

test('what fails takes the other server down with it, and gives the directory back', async () => {
  const wrong = { uiPort: null, serverPath: join(scratch, 'no-such-temporal') };
  await expect(start({ temporal: wrong })).rejects.toThrow(
    `POSTHORN_TEMPORAL_SERVER is ${wrong.serverPath}, which is not a \`temporal\` command that runs here.`,
  );
  expect((await readdir(dataDir)).filter((name) => /lock/.test(name))).toEqual([]);
  await start();
});

test('a start that is aborted leaves nothing running', async () => {
  const abort = new AbortController();
  const starting = start({ signal: abort.signal, progress: () => abort.abort(new Error('Ctrl-C')) });
  await expect(starting).rejects.toThrow('Ctrl-C');
  expect((await readdir(dataDir)).filter((name) => /lock|\.new/.test(name))).toEqual([]);
});

test('what holds keys and data is for its owner alone', async () => {
  await start();
  const mode = async (name: string): Promise<number> => (await stat(join(dataDir, name))).mode & 0o777;
  expect(await mode('keys.json')).toBe(0o600);
  expect((await mode('.')) & 0o066).toBe(0); // others may at most pass through, as PostgreSQL's user must
  for (const name of ['logs', 'postgres', 'temporal']) expect(await mode(name)).toBe(0o700);
});
