import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as source from '../../src/verify/index.js';
import { SECRET, signedRequest } from '../support/signed-requests.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXPORTS = ['VerificationError', 'explain', 'profiles', 'verify', 'verifyRequest'];

describe.each(['dist/verify', 'dist/posthorn-verify'])('%s', (folder) => {
  it.each(['index.js', 'index.d.ts'])('has one %s, which imports nothing', async (name) => {
    const text = await readFile(join(ROOT, folder, name), 'utf8');
    expect(ts.preProcessFile(text, true, true).importedFiles).toEqual([]);
    expect(text).not.toMatch(/\b(?:require|Buffer|process)\b|\bnode:/);
  });

  it('exports what the source does', async () => {
    expect(Object.keys(source).sort()).toEqual(EXPORTS);
    expect(Object.keys((await import(join(ROOT, folder, 'index.js'))) as object).sort()).toEqual(EXPORTS);
  });
});

it('posthorn/verify is what Node finds by that name', async () => {
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '-e', 'console.log(import.meta.resolve("posthorn/verify"))'],
    { cwd: ROOT },
  );
  expect(stdout.trim()).toBe(new URL('dist/verify/index.js', `file://${ROOT}`).href);
});

/** A receiver in TypeScript, compiled without the types of Node or of browsers. */
const CONSUMER = `
import { explain, profiles, VerificationError, verify, verifyRequest, type Reason, type Verified } from 'posthorn-verify';

declare const body: Uint8Array;
declare const headers: { [name: string]: string | string[] | undefined };
declare const request: { headers: { get(name: string): string | null }; bodyUsed: boolean; arrayBuffer(): Promise<ArrayBuffer> };

export async function receive(): Promise<Reason | string> {
  try {
    const event: Verified<{ order: number }> = await verify(body, headers, { secret: ['a', 'b'], profile: 'scute' });
    await verifyRequest(request, { secret: 'a', toleranceSeconds: 10, now: () => 0 });
    const { findings } = await explain('', headers, { secret: 'a', sentBody: body });
    for (const finding of findings) if (finding.kind === 'body') return finding.validIf ?? '';
    return event.data.order.toFixed() + (event.timestamp?.toISOString() ?? '') + profiles.scute.signatureHeader;
  } catch (error) {
    if (error instanceof VerificationError) return error.reason;
    throw error;
  }
}
// @ts-expect-error It is no profile.
void verify(body, headers, { secret: 'a', profile: 'stripe' });
// @ts-expect-error A parsed body cannot be verified.
void verify({ type: 'a' }, headers, { secret: 'a' });
`;

it('posthorn-verify: packed and installed alone, it verifies and has its types', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-verify-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pack = ['pack', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: join(ROOT, 'dist/posthorn-verify') });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  expect(packed?.files.map(({ path }) => path).sort()).toEqual([
    'LICENSE',
    'README.md',
    'index.d.ts',
    'index.js',
    'package.json',
  ]);

  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  const install = ['install', '--offline', '--no-audit', '--no-fund', `./${packed?.filename}`];
  await run('npm', install, { cwd: folder });

  const { body, headers } = signedRequest('standard', { timestamp: Math.floor(Date.now() / 1000) });
  await writeFile(
    join(folder, 'receive.js'),
    `import { verify } from 'posthorn-verify';
     const { type } = await verify(${JSON.stringify(body)}, ${JSON.stringify(headers)}, { secret: '${SECRET}' });
     console.log(type);`,
  );
  expect((await run(process.execPath, ['receive.js'], { cwd: folder })).stdout).toBe('order.paid\n');

  await writeFile(join(folder, 'consumer.ts'), CONSUMER);
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', lib: ['es2022'], types: [] };
  const config = { compilerOptions, files: ['consumer.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const compiled = await run(process.execPath, [tsc], { cwd: folder }).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(compiled.stdout).toBe('');
});
