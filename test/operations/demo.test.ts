import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { profileIds } from '../../src/profiles/index.js';
import { freePort } from '../support/free-port.js';
import { CLI } from '../support/posthorn-process.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

/** Of the machine; everything else of the environment would be a setting. */
const MACHINE = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'TMPDIR', 'POSTHORN_TEMPORAL_SERVER'];

let scratch: string;
let dataDir: string;
let uiPort: number;
let demo: ChildProcess | undefined;
let output: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'posthorn-demo-'));
  await chmod(scratch, 0o711); // as root, PostgreSQL runs as another user
  dataDir = join(scratch, 'data');
  uiPort = await freePort();
  output = '';
});

afterEach(async () => {
  if (demo?.exitCode === null && demo.signalCode === null) {
    demo.kill();
    await once(demo, 'exit');
  }
  await rm(scratch, { recursive: true, force: true, maxRetries: 10 });
});

/** `npm run demo`, as a process of its own; gives its exit code. */
function run(whenSaid: (text: string) => void = () => undefined): Promise<number | null> {
  const machine = MACHINE.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const child = spawn(process.execPath, [CLI, 'demo'], {
    env: {
      ...(Object.fromEntries(machine) as Record<string, string>),
      PORT: '0',
      POSTHORN_TEMPORAL_UI_PORT: String(uiPort),
      POSTHORN_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demo = child;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      whenSaid(output);
    });
  }
  return new Promise((resolve) => child.once('close', resolve));
}

/** What runs on the data directory holds its lock. */
const expectNothingLeft = async () => expect(await readdir(dataDir)).not.toContain('posthorn.lock');

test('the demo verifies every profile, shows a retry and a resend, and ends with 0', async () => {
  expect(await run(), output).toBe(0);
  const lines = output.trimEnd().split('\n');
  for (const id of profileIds) expect(lines.filter((line) => line.endsWith(`(${id})`))).not.toEqual([]);
  expect(output.match(/a forged copy is refused/g)).toHaveLength(profileIds.length);
  expect(output).toMatch(
    /Scalekit \(scalekit\)\n.*503\n +announced .* 5\.\d s after that \(documented: 5 s\)/,
  );
  expect(output).toMatch(/announced .* [45]\.\d s after that \(documented: 5 s ±10 %\)/);
  expect(
    output.match(/attempt 2 +at .* answered with 200: delivered\n +verified +the same \d+ bytes/g),
  ).toHaveLength(2);
  expect(output).toMatch(
    /disabled +at failure 10 in a row.*\n.*endpoint-health%2F.*\n +held .*\n +enabled +answered with 200/,
  );
  expect(output).toMatch(/resent +answered with 200: the event is delivered\n +verified +the same \d+ bytes/);
  expect(output).toContain(`http://127.0.0.1:${uiPort}/namespaces/default/workflows/event%2F`);
  expect(lines.at(-1)).toBe(`All ${profileIds.length} profiles verified.`);
  await expectNothingLeft();

  const { adminKey } = JSON.parse(await readFile(join(dataDir, 'keys.json'), 'utf8')) as { adminKey: string };
  expect(output).not.toContain(adminKey);
  expect(output).not.toMatch(/whsec_|phk_|pha_/);
});

test('Ctrl-C in the middle stops everything, and does not pass for a demo that was shown', async () => {
  let interrupted = false;
  const code = await run((text) => {
    if (interrupted || !text.includes('announced')) return;
    interrupted = true;
    demo?.kill('SIGINT');
  });
  expect(code, output).toBe(130);
  expect(output.trimEnd().split('\n').at(-1)).toBe('Stopped.');
  await expectNothingLeft();
});
