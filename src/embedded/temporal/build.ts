import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { goInstall } from '../go-install.js';
import type { Progress } from '../progress.js';

const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** Builds the `temporal` command of that version to `target`, or says why not. Unfinished files go to `workDir`. */
export async function buildTemporal(
  version: string,
  target: string,
  workDir: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const notBuilt = await goInstall({
    packages: [`${PACKAGE}@${version}`],
    workDir,
    what: 'the Temporal server',
    takes: 'some 3 minutes on two cores',
    progress,
    signal,
  });
  if (notBuilt === undefined) await rename(join(workDir, 'temporal'), target);
  return notBuilt;
}
