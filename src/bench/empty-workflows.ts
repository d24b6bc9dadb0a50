import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface EmptyRun {
  readonly address: string;
  readonly count: number;
  /** Workflows that run at the same time. */
  readonly concurrency: number;
}

export interface EmptyRunResult {
  readonly perSecond: number;
}

/** How many empty, eagerly started workflows Temporal starts and ends a second here. */
export async function measureEmptyWorkflows(run: EmptyRun): Promise<EmptyRunResult> {
  const path = fileURLToPath(new URL('./empty-workflows-process.js', import.meta.url));
  const child = fork(path, [JSON.stringify(run)]);
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the process with empty workflows ended with ${String(code)}`);
  });
  const [result] = (await Promise.race([once(child, 'message'), exited])) as [EmptyRunResult];
  await exited.catch(() => undefined);
  return result;
}
