import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CommandLine } from '../support/command.js';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { stopAfterwards } from '../support/stop-afterwards.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const posthorn = sharedPosthorn();
const { api } = posthorn;

let shop: { id: string; key: string };

beforeAll(async () => {
  const { app, key } = await api.createApp('standard', { name: 'Shop' });
  shop = { id: app.id, key };
});

const KEYS = (adminKey: string) => ({
  adminKey,
  encryptionKey: Buffer.alloc(32, 1).toString('base64'),
  postgresPassword: 'a-password-of-postgres',
});

/** A data directory as `npm start` leaves one behind that runs. */
function runningIn(directory: string, pid: number, url = api.url): void {
  mkdirSync(join(directory, '.posthorn'));
  const file = (name: string) => join(directory, '.posthorn', name);
  writeFileSync(file('keys.json'), JSON.stringify(KEYS(posthorn.adminKey)), { mode: 0o600 });
  writeFileSync(file('running.json'), JSON.stringify({ url, temporal_ui_url: null, pid }));
}

const who = (commands: CommandLine, ...args: string[]) =>
  commands.json<{ url: string; key: { kind: string; app_id: string | null; from: string } }>([
    'whoami',
    ...args,
  ]);

describe('beside a running `npm start`', () => {
  test('no flag and no variable is needed, and the only application implies itself', async () => {
    const commands = new CommandLine();
    runningIn(commands.directory, process.pid);
    expect(await who(commands)).toMatchObject({ url: api.url, key: { kind: 'admin' } });
    expect(await commands.json(['apps', 'get'])).toMatchObject({ app: { id: shop.id } });
  });

  test('one that was killed is not asked', async () => {
    const commands = new CommandLine();
    const gone = new CommandLine().launch(['--version']);
    await gone.ended;
    runningIn(commands.directory, gone.pid);
    expect((await commands.run(['whoami'])).code).toBe(6);
  });

  test('its key goes to its own address and to no other', async () => {
    const commands = new CommandLine(() => ({
      POSTHORN_URL: `${api.url.replace('127.0.0.1', 'localhost')}`,
    }));
    runningIn(commands.directory, process.pid);
    const { code, stderr } = await commands.run(['events', 'list']);
    expect(code).toBe(3);
    expect(stderr).toContain('posthorn login');
  });

  test('`posthorn start` says that it runs, and takes it back', async () => {
    const database = await createDatabase();
    stopAfterwards(() => database.drop());
    const { directory } = new CommandLine();
    const path = join(directory, 'running.json');
    const started = PosthornProcess.launch('start', {
      DATABASE_URL: database.url,
      POSTHORN_DATA_DIR: directory,
      POSTHORN_TASK_QUEUE: 'test-running',
    });
    await started.says('Posthorn is ready.');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      temporal_ui_url: null,
      pid: started.pid,
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await started.stop();
    expect(() => statSync(path)).toThrow('ENOENT');
  });
});

describe('a key of an application', () => {
  test('implies its application, though there are others', async () => {
    await api.createApp('standard', { name: 'Other' });
    const commands = new CommandLine(() => ({ POSTHORN_URL: api.url, POSTHORN_API_KEY: shop.key }));
    expect(await who(commands)).toMatchObject({ key: { kind: 'application', app_id: shop.id } });
    expect(await commands.json(['apps', 'get'])).toMatchObject({ app: { name: 'Shop' } });
  });

  test('of several applications the admin key cannot tell which is meant', async () => {
    const commands = new CommandLine(() => ({
      POSTHORN_URL: api.url,
      POSTHORN_ADMIN_KEY: posthorn.adminKey,
    }));
    const { code, stderr } = await commands.run(['events', 'list']);
    expect(code).toBe(2);
    expect(stderr).toContain('say which one with --app or POSTHORN_APP');
    expect(await commands.json(['events', 'list', '--app', shop.id])).toEqual({
      events: [],
      next_cursor: null,
    });
  });

  test('that is unknown is 3; a scope that is missing, too', async () => {
    const commands = new CommandLine(() => ({ POSTHORN_URL: api.url, POSTHORN_APP: shop.id }));
    const wrong = await commands.run(['events', 'list'], { environment: { POSTHORN_API_KEY: 'phk_wrong' } });
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toMatch(/^unauthorized: .*\nrequest_id: .*\n→ posthorn login/m);
    const asked = { scopes: ['events:read'] };
    const { api_key } = await api.expect<{ api_key: { key: string } }>(
      201,
      'POST',
      `/v1/apps/${shop.id}/keys`,
      asked,
    );
    const send = await commands.run(['events', 'send', 'a.b'], {
      environment: { POSTHORN_API_KEY: api_key.key },
    });
    expect(send.code).toBe(3);
    expect(send.stderr).toContain('missing_scope');
  });
});

describe('contexts', () => {
  test('login checks a key and keeps it for its owner alone; contexts lists without it; logout forgets it', async () => {
    const commands = new CommandLine();
    const login = ['login', '--url', api.url, '--key', '-', '--context', 'shop'];
    expect((await commands.run(login, { input: 'phk_wrong' })).code).toBe(3);
    await commands.stdout(login, { input: `${shop.key}\n` });
    const path = join(commands.directory, '.config/posthorn/contexts.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await who(commands)).toMatchObject({
      url: api.url,
      key: { kind: 'application', app_id: shop.id },
    });
    const listed = await commands.stdout(['contexts', '-o', 'json']);
    expect(JSON.parse(listed)).toMatchObject({ contexts: [{ name: 'shop', current: true }] });
    expect(listed).not.toContain(shop.key);

    chmodSync(path, 0o644);
    expect(await commands.run(['whoami'])).toMatchObject({ code: 2, stdout: '' });
    chmodSync(path, 0o600);
    await commands.stdout(['logout']);
    expect(readFileSync(path, 'utf8')).not.toContain(shop.key);
  });

  test('a flag comes before the environment, the environment before the context', async () => {
    const commands = new CommandLine();
    const login = ['login', '--url', api.url, '--key', '-'];
    await commands.stdout(login, { input: shop.key });
    const environment = { POSTHORN_API_KEY: posthorn.adminKey };
    const kindOf = async (...args: string[]) =>
      JSON.parse(await commands.stdout(['whoami', '--json', ...args], { environment })) as unknown;
    expect(await kindOf()).toMatchObject({ url: api.url, key: { kind: 'admin', from: 'the environment' } });
    expect(await kindOf('--key', shop.key)).toMatchObject({ key: { kind: 'application', from: 'a flag' } });
  });
});
