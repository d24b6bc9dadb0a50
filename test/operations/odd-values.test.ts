import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { stopAfterwards } from '../support/stop-afterwards.js';

/** What passes for a value until it is used: each ends in one line that names the variable. */

let database: TestDatabase;
let scratch: string;
beforeAll(async () => {
  database = await createDatabase();
  scratch = await mkdtemp(join(tmpdir(), 'posthorn-odd-'));
  stopAfterwards(() => rm(scratch, { recursive: true, force: true }));
  await chmod(scratch, 0o711); // as root, PostgreSQL runs as another user
});

const withUrl = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

it.each<[string, () => string]>([
  ['DATABASE_URL', () => withUrl((url) => (url.password = 'wrong'))],
  ['DATABASE_URL', () => withUrl((url) => (url.pathname = '/there-is-none'))],
  ['DATABASE_URL', () => withUrl((url) => (url.search = '?sslmode=verify-full&sslrootcert=/nowhere'))],
  ['DATABASE_URL', () => 'postgres://me:%zz@127.0.0.1:9/x'],
  ['TEMPORAL_ADDRESS', () => '127.0.0.1:9'],
  ['TEMPORAL_NAMESPACE', () => 'there-is-none'],
  ['TEMPORAL_PROFILE', () => 'there-is-none'],
  ['TEMPORAL_TLS_CLIENT_CERT_PATH', () => '/nowhere'],
  ['HOST', () => 'nowhere.invalid'],
  ['POSTHORN_TRUSTED_PROXIES', () => '::/0'],
])(
  '%s that cannot be used is named in one line: %#',
  async (name, value) => {
    const posthorn = PosthornProcess.launch('all', { DATABASE_URL: database.url, [name]: value() });
    expect(await posthorn.ended).toBe(1);
    const said = posthorn.lines.filter((line) => !line.startsWith('{'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(name.startsWith('TEMPORAL_') ? 'TEMPORAL_' : name);
    expect(said[0]).not.toContain('wrong');
  },
  60_000,
);

it('what a broken TEMPORAL_CONFIG_FILE holds is not shown', async () => {
  const file = join(scratch, 'broken.toml');
  await writeFile(file, 'api_key hush hush\n');
  const posthorn = PosthornProcess.launch('all', { DATABASE_URL: database.url, TEMPORAL_CONFIG_FILE: file });
  expect(await posthorn.ended).toBe(1);
  expect(posthorn.lines).toHaveLength(1);
  expect(posthorn.lines[0]).toContain('TEMPORAL_');
  expect(posthorn.lines[0]).not.toContain('hush');
}, 60_000);

/** As `npm start` runs it: with servers of its own. */
const embedded = async (settings: Record<string, string>) => ({
  ...{ NODE_ENV: '', DATABASE_URL: '', TEMPORAL_ADDRESS: '', POSTHORN_ALLOWED_TARGETS: '' },
  ...{ POSTHORN_DATA_DIR: join(scratch, 'data'), POSTHORN_TEMPORAL_UI_PORT: String(await freePort()) },
  ...settings,
});

it.each<[string, () => Promise<string>]>([
  ['POSTHORN_TEMPORAL_SERVER', () => Promise.resolve('/nonexistent')],
  [
    'POSTHORN_DATA_DIR',
    async () => {
      const file = join(scratch, 'a-file');
      await writeFile(file, '');
      return file;
    },
  ],
  ['POSTHORN_DATA_DIR', () => Promise.resolve(`/${'x'.repeat(5_000)}`)],
])(
  'npm start: %s that cannot be used is named: %#',
  async (name, value) => {
    const posthorn = PosthornProcess.launch('start', await embedded({ [name]: await value() }));
    expect(await posthorn.ended).toBe(1);
    expect(posthorn.lines.join('\n')).toContain(name);
    expect(posthorn.lines.join('\n')).not.toMatch(/^\s+at /m);
  },
  60_000,
);

it('npm start, beside a proxy and what it may not deliver to: without the receiver, spoken to directly', async () => {
  const asked: string[] = [];
  const proxy = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes: Buffer) => {
      asked.push(bytes.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  stopAfterwards(() => proxy.close());
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const names = ['http_proxy', 'https_proxy', 'grpc_proxy', 'all_proxy'];
  const proxies = Object.fromEntries(
    names.flatMap((name) => [name, name.toUpperCase()]).map((name) => [name, url]),
  );
  const posthorn = PosthornProcess.launch(
    'start',
    await embedded({
      ...proxies,
      NODE_USE_ENV_PROXY: '1',
      POSTHORN_ALLOWED_TARGETS: '10.0.0.0/8',
      // About a Temporal that is given, which there is not.
      TEMPORAL_API_KEY: 'of another one',
      TEMPORAL_NAMESPACE: 'of-another-one',
    }),
  );
  await posthorn.says('curl -X POST');
  expect(posthorn.lines.join('\n')).toContain('The example runs without its receiver');
  expect(await posthorn.stop()).toBe(0);
  expect(asked).toEqual([]);
  expect(posthorn.lines.join('\n')).not.toMatch(/^\s+at /m);
}, 120_000);
