import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isExecutableFile } from './files.js';
import { lock } from './processes/lock.js';
import type { Progress } from './progress.js';
import { userCache } from './user-cache.js';

/**
 * The path of a command that is kept in the user's cache: made once, whole or not at all, by one process at a time.
 */
export async function keptForUser(options: {
  /** In the cache. */
  readonly folder: string;
  readonly file: string;
  /** For those who wait. */
  readonly what: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** Puts it at `target` with a rename. Unfinished files go to `workDir`, which is removed. */
  readonly make: (target: string, workDir: string) => Promise<void>;
}): Promise<string> {
  const { folder, file, what, progress, signal, make } = options;
  const target = join(await userCache(), folder, file);
  if (await isExecutableFile(target)) return target;
  const directory = dirname(target);
  await mkdir(directory, { recursive: true });
  const release = await lock(`${directory}.lock`, {
    onWait: (pid) => progress(`Waiting for process ${pid}, which is getting ${what}`),
    signal,
  });
  try {
    if (!(await isExecutableFile(target))) await makeIn(directory, (workDir) => make(target, workDir));
    return target;
  } finally {
    await release();
  }
}

async function makeIn(directory: string, make: (workDir: string) => Promise<void>): Promise<void> {
  // We hold the lock, so unfinished files here belong to a killed process.
  for (const name of await readdir(directory)) {
    if (name.startsWith('unfinished-')) await removeTree(join(directory, name));
  }
  const workDir = await mkdtemp(join(directory, 'unfinished-'));
  try {
    await make(workDir);
  } finally {
    await removeTree(workDir);
  }
}

function removeTree(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 5 });
}
