import { createRequire } from 'node:module';
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../lib/errors.js';
import { isExecutableFile } from '../files.js';
import { run } from '../processes/run.js';

const STALLED_AFTER_MS = 60_000;

/**
 * Has the SDK's test environment start a server, only because it downloads that first. With `--help` the server ends at
 * once, so none can be left behind; the SDK waits for it for 5 s and fails, which does not matter. In a process of its own,
 * because this would create the SDK's one native runtime before the worker configures it.
 */
const SCRIPT = `
const { TestWorkflowEnvironment } = require(process.argv[1]);
const executable = { type: 'cached-download', version: process.argv[2], downloadDir: process.argv[3] };
TestWorkflowEnvironment.createLocal({ server: { executable, extraArgs: ['--help'] } })
  .catch((error) => { process.stderr.write(String(error.message)); process.exit(1); });
`;

/** Downloads the `temporal` command of that version to `target`, or says why not. Unfinished files go to `workDir`. */
export async function downloadTemporal(
  version: string,
  target: string,
  workDir: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const downloaded = join(workDir, `temporal-${version}`); // so named by the SDK's core
  const watch = new AbortController();
  const stopWatching = watchGrowth(`${downloaded}.downloading`, () =>
    watch.abort(new Error('it made no progress')),
  );
  try {
    const testing = createRequire(import.meta.url).resolve('@temporalio/testing');
    const { code, output } = await run(process.execPath, ['-e', SCRIPT, testing, version, workDir], {
      signal: AbortSignal.any([signal, watch.signal]),
      endWith: 'SIGKILL',
    });
    if (!(await isExecutableFile(downloaded))) return reason(output) || `it ended with code ${code}`;
    await rename(downloaded, target);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  } finally {
    stopWatching();
  }
}

/** Calls `onStall` once the file has not grown for a minute. */
function watchGrowth(path: string, onStall: () => void): () => void {
  let size = -1;
  let grewAt = Date.now();
  const check = async (): Promise<void> => {
    const now = await stat(path).then(
      (file) => file.size,
      () => -1,
    );
    if (now !== size) [size, grewAt] = [now, Date.now()];
    else if (Date.now() - grewAt > STALLED_AFTER_MS) onStall();
  };
  const timer = setInterval(() => void check(), 1_000);
  return () => clearInterval(timer);
}

/** Core says everything twice and with the address. */
function reason(output: string): string {
  const line = output.trim().split('\n').at(-1) ?? '';
  return line
    .replace(/^Failed to start ephemeral server: /, '')
    .replaceAll(/error sending request for url \([^)]*\): /g, '');
}
