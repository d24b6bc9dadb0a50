import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cases } from './cases.js';

/** `npm run runtimes`: the built file, unchanged, decides the same in five runtimes. */

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const bin = (name: string) => join(here, 'node_modules/.bin', name);
let folder = '';

beforeAll(async () => {
  await run('npm', ['install', '--loglevel=error'], { cwd: here });
  folder = await mkdtemp(join(tmpdir(), 'posthorn-runtimes-'));
  for (const name of ['check.js', 'main.js', 'worker.js', 'worker.capnp']) {
    await cp(join(here, name), join(folder, name));
  }
  await cp(join(here, '../../dist/posthorn-verify/index.js'), join(folder, 'verify.js'));
  await writeFile(join(folder, 'cases.js'), `export const cases = ${JSON.stringify(cases)};\n`);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const expected = cases.map(({ name, expected: outcome }) => ({
  name,
  verified: outcome,
  ofRequest: outcome,
  ofBytes: outcome,
  explained: outcome === 'valid',
  mended: ['valid', 'timestamp_too_old'].includes(outcome) ? 'no_trailing_newline' : null,
}));

it.each<[string, string, () => string[]]>([
  ['Node', process.execPath, () => ['main.js']],
  ['Bun', bin('bun'), () => ['main.js']],
  ['Deno', bin('deno'), () => ['run', '--no-prompt', 'main.js']],
  [
    'the edge runtime',
    process.execPath,
    () => ['--experimental-vm-modules', join(here, 'in-edge.mjs'), folder],
  ],
])('%s', async (_name, command, args) => {
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: '1' };
  const { stdout } = await run(command, args(), { cwd: folder, env, maxBuffer: 16 * 1024 * 1024 });
  expect(JSON.parse(stdout)).toEqual(expected);
});

it('workerd', async () => {
  const args = ['serve', '--control-fd=3', 'worker.capnp'];
  const child = spawn(bin('workerd'), args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  try {
    const port = await portOf(child.stdio[3] as Readable);
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(await answer.json()).toEqual(expected);
  } finally {
    child.kill();
  }
});

/** workerd says on its control channel, in a line of JSON, where it listens. */
async function portOf(control: Readable): Promise<number> {
  let text = '';
  for await (const chunk of control) {
    text += String(chunk);
    const [, port] = /"event":"listen".*"port":(\d+)/.exec(text) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`workerd ended before it listened; it said: ${text}`);
}
