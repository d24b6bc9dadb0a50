import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import { run } from '../processes/run.js';
import type { Progress } from '../progress.js';

const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** Builds the `temporal` command of that version to `target`, or says why not. `workDir` is for what is unfinished. */
export async function buildTemporal(
  version: string,
  target: string,
  workDir: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const go = await run('go', ['version'], { signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (go === undefined) return 'Go is not installed';
  progress(
    `Building the Temporal server (go install ${PACKAGE}@${version}): some 3 minutes on two cores, once for this user`,
  );
  const temporary = join(workDir, 'tmp'); // goes away with workDir, however the build ends
  await mkdir(temporary);
  const began = Date.now();
  // So that nobody takes it for a hang.
  const ticker = setInterval(() => {
    const elapsed = Math.round((Date.now() - began) / 1000);
    progress(`Still building the Temporal server (${elapsed} s)`);
  }, 10_000);
  try {
    const { code, output } = await run('go', ['install', `${PACKAGE}@${version}`], {
      env: { ...process.env, GOBIN: workDir, GOTMPDIR: temporary },
      signal,
      endWith: 'SIGINT', // go ends its compilers then
    });
    if (code !== 0) return `go install: ${output.trim().split('\n').slice(-3).join(' ')}`;
    await rename(join(workDir, 'temporal'), target);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  } finally {
    clearInterval(ticker);
  }
}
