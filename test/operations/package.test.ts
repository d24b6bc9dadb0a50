import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { VERSION } from '../../src/lib/version.js';
import { document } from '../support/documented.js';
import { stopAfterwards } from '../support/stop-afterwards.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** The package as npm makes it, installed in a project that has nothing else. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const INSTALLED_WITHIN_MS = 300_000;
vi.setConfig({ testTimeout: 180_000 });

const server = sharedPosthorn();
let tarball: string;
let files: string[];
/** The empty project. */
let project: string;

/** Runs a program, without this process' settings but with these. */
function run(
  file: string,
  args: readonly string[],
  cwd: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_|POSTHORN_)/.test(name));
  const env = { ...(Object.fromEntries(own) as Record<string, string>), ...settings };
  const options = { cwd, env, timeout: INSTALLED_WITHIN_MS, maxBuffer: 64_000_000 };
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? NaN), stdout, stderr }),
    );
  });
}

async function must(...call: Parameters<typeof run>): Promise<string> {
  const { status, stdout, stderr } = await run(...call);
  const [file, args] = call;
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);

beforeAll(async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'posthorn-package-'));
  stopAfterwards(() => rm(scratch, { recursive: true, force: true, maxRetries: 10 }));
  const packed = await must('npm', ['pack', '--json', '--pack-destination', scratch], ROOT);
  const [{ filename, files: list }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
  tarball = join(scratch, filename);
  files = list.map(({ path }) => path);
  project = await mkdtemp(join(scratch, 'project-'));
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
  await must('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], project);
}, INSTALLED_WITHIN_MS);

describe('the package', () => {
  it('has what is built, and no tests, sources, benchmark or data', () => {
    const others = files.filter((path) => !path.startsWith('dist/'));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(
      files.filter((path) => /bench|test|\.posthorn|\.env|\.ts$/.test(path) && !/\.d\.ts$/.test(path)),
    ).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/cli.js',
        'dist/client/index.js',
        'dist/client/index.d.ts',
        'dist/openapi.json',
        'dist/workflow-bundle.js',
      ]),
    );
  });

  it('is as publint wants packages', async () => {
    expect(await must(bin('publint'), ['run', tarball, '--strict'], project)).toContain('All good!');
  });

  it('has types that resolve wherever its code does', async () => {
    // It ends with 1 where it finds a problem; a table is drawn otherwise on every terminal.
    const said = await must(bin('attw'), [tarball, '--profile', 'esm-only', '--format', 'json'], project);
    const { analysis } = JSON.parse(said) as { analysis: { entrypoints: Readonly<Record<string, unknown>> } };
    expect(Object.keys(analysis.entrypoints)).toEqual(
      expect.arrayContaining(['./client', './verify', './openapi.json']),
    );
  });
});

describe('installed', () => {
  const posthorn = (...args: string[]) => run(join(project, 'node_modules/.bin/posthorn'), args, project);
  const evaluate = (code: string) =>
    must(process.execPath, ['--input-type=module', '--no-warnings', '--eval', code], project);

  it('`posthorn --version` says its version', async () => {
    expect(await posthorn('--version')).toMatchObject({ status: 0, stdout: `${VERSION}\n` });
  });

  it.each(['start', 'demo'])('`posthorn %s` ends with 2 and says what to use instead', async (command) => {
    const { status, stdout, stderr } = await posthorn(command);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    for (const what of ['repository', 'posthorn all', 'DATABASE_URL', 'TEMPORAL_ADDRESS']) {
      expect(stderr).toContain(what);
    }
  });

  it.each([
    [
      'client',
      ['PathParameterError', 'PosthornProblem', 'PosthornUnreachable', 'StillPending', 'createPosthorn'],
    ],
    ['verify', ['VerificationError', 'explain', 'profiles', 'verify', 'verifyRequest']],
  ])('posthorn/%s is there', async (name, exported) => {
    const code = `import * as all from 'posthorn/${name}'; process.stdout.write(JSON.stringify(Object.keys(all)));`;
    expect((JSON.parse(await evaluate(code)) as string[]).sort()).toEqual(exported);
  });

  it('posthorn/openapi.json is the document', async () => {
    const code =
      "import document from 'posthorn/openapi.json' with { type: 'json' }; process.stdout.write(JSON.stringify(document));";
    expect(JSON.parse(await evaluate(code))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('posthorn/client imports nothing of Node', async () => {
    const folder = join(project, 'node_modules/posthorn/dist/client');
    const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'));
    const imported = await Promise.all(
      scripts.map(async (name) => [
        ...(await readFile(join(folder, name), 'utf8')).matchAll(/(?:from|import) ?\(?'([^'.][^']*)'/g),
      ]),
    );
    const names = new Set(imported.flat().map(([, name]) => name));
    expect([...names].sort()).toEqual(['eventsource-parser', 'openapi-fetch']);
  });

  it.each(['nodenext', 'preserve'])(
    "posthorn/client's types hold without Node's, with the libraries' own checked: module %s",
    (module) => typesHold('consumer.ts', CONSUMER, { module, types: [], lib: ['es2023', 'dom'] }),
  );
});

/** @throws Error with what tsc says of a file of the project */
async function typesHold(name: string, text: string, options: object): Promise<void> {
  await writeFile(join(project, name), text);
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', ...options };
  const config = join(project, `tsconfig.${name}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions, files: [name] }));
  await must(bin('tsc'), ['-p', config], project);
}

describe('docs/client.md', () => {
  it('has one program, which runs and whose types hold', async () => {
    const page = await readFile(join(ROOT, 'docs/client.md'), 'utf8');
    const blocks = [...page.matchAll(/^```js( no-run: .+)?\n([^]*?)^```$/gm)];
    expect(blocks.length).toBeGreaterThan(5);
    const code = (some: typeof blocks) => some.map(([, , text]) => text).join('\n');
    await typesHold('whole-page.ts', code(blocks), { module: 'nodenext', types: ['node'] });

    await writeFile(join(project, 'page.mjs'), code(blocks.filter(([, isNotRun]) => isNotRun === undefined)));
    const said = await must(process.execPath, ['page.mjs'], project, {
      POSTHORN_URL: server.api.url,
      POSTHORN_ADMIN_KEY: server.adminKey,
    });
    expect(said).toContain('the signing secret: whsec_');
    expect(said).toContain('sent: 3');
    expect(said).toMatch(/the event: failed (connection_refused|address_refused)/);
    expect(said).toContain('refused: 409 event_conflict');
  });
});

const CONSUMER = `
import { createPosthorn, PosthornProblem } from 'posthorn/client';
const posthorn = createPosthorn({ url: 'https://posthorn.example', key: 'phk_x' });
export async function pay(appId: string): Promise<string> {
  const { id } = await posthorn.send(appId, { event_type: 'order.paid', data: { order: 17 } });
  const { status, deliveries } = await posthorn.waitFor(appId, id);
  for await (const delivery of posthorn.deliveries(appId, { event_id: id })) deliveries.length, delivery.webhook_id;
  const { data } = await posthorn.api.GET('/v1/apps/{app_id}/webhooks', { params: { path: { app_id: appId } } });
  const urls: string[] = data.webhooks.map(({ url }) => url);
  // @ts-expect-error there is no such path
  await posthorn.api.GET('/v1/nowhere').catch((error: unknown) => error instanceof PosthornProblem && error.code);
  return [status, ...urls].join();
}
`;
