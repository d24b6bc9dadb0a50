import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuTimes, perUnit, type CpuTimes } from './cpu.js';

export interface EmptyRun {
  readonly address: string;
  readonly count: number;
  /** Workflows that run at the same time. */
  readonly concurrency: number;
}

export interface EmptyWorkflows {
  readonly perSecond: number;
  /** Processor time of one, in milliseconds, by process; null where it cannot be read. */
  readonly cpuMsPerWorkflow: CpuTimes | null;
}

export type FromEmptyWorkflows = { readonly kind: 'warm' } | { readonly kind: 'measured'; perSecond: number };

/**
 * How many empty, eagerly started workflows Temporal starts and ends a second here.
 * @param signal ends its process at once: the SDK would have it wait
 */
export async function measureEmptyWorkflows(run: EmptyRun, signal: AbortSignal): Promise<EmptyWorkflows> {
  const path = fileURLToPath(new URL('./empty-workflows-process.js', import.meta.url));
  const child = fork(path, [JSON.stringify(run)], { signal, killSignal: 'SIGKILL' });
  const known = new Map([[child.pid ?? 0, 'worker']]);
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the process with empty workflows ended with ${String(code)}`);
  });
  const said = async () =>
    ((await Promise.race([once(child, 'message'), exited])) as [FromEmptyWorkflows])[0];
  try {
    await said();
    const before = await cpuTimes(known);
    child.send('measure');
    const measured = await said();
    if (measured.kind !== 'measured')
      throw new Error(`the process with empty workflows said ${measured.kind}`);
    const after = await cpuTimes(known);
    return {
      perSecond: measured.perSecond,
      cpuMsPerWorkflow: before && after && perUnit(before, after, run.count),
    };
  } finally {
    child.disconnect();
    await exited.catch(() => undefined);
  }
}
