import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../lib/errors.js';
import { run } from './processes/run.js';
import type { Progress } from './progress.js';

/** Builds commands from Go packages into `workDir`, where unfinished files go too, or says why not. */
export async function goInstall(options: {
  /** With their versions. */
  readonly packages: readonly string[];
  readonly workDir: string;
  /** For the progress message: what is built, and how long that takes. */
  readonly what: string;
  readonly takes: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<string | undefined> {
  const { packages, workDir, what, takes, progress, signal } = options;
  const go = await run('go', ['version'], { signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (go === undefined) return 'Go is not installed';
  progress(`Building ${what} (go install ${packages.join(' ')}): ${takes}, once for this user`);
  const temporary = join(workDir, 'tmp'); // goes away with workDir, however the build ends
  await mkdir(temporary);
  const began = Date.now();
  // Show progress, so that nobody takes it for a hang.
  const ticker = setInterval(() => {
    const elapsed = Math.round((Date.now() - began) / 1000);
    progress(`Still building ${what} (${elapsed} s)`);
  }, 10_000);
  try {
    const { code, output } = await run('go', ['install', ...packages], {
      env: { ...process.env, GOBIN: workDir, GOTMPDIR: temporary },
      signal,
      endWith: 'SIGINT', // go ends its compilers then
    });
    return code === 0 ? undefined : `go install: ${output.trim().split('\n').slice(-3).join(' ')}`;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  } finally {
    clearInterval(ticker);
  }
}
