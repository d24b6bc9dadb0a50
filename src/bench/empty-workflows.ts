import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuTimes, perUnit, type CpuTimes } from './cpu.js';

export interface EmptyRun {
  readonly address: string;
  /** Workflows that run at the same time. */
  readonly concurrency: number;
}

/** What Temporal itself can do here. */
export interface Ceiling {
  readonly perSecond: number;
  /** Processor time of an empty workflow, in milliseconds, by process; null where it cannot be read. */
  readonly cpuMsPerWorkflow: CpuTimes | null;
}

export type ToEmptyWorkflows = { readonly kind: 'measure'; readonly count: number };
export type FromEmptyWorkflows =
  { readonly kind: 'ready' } | { readonly kind: 'measured'; readonly perSecond: number };

/** A process that starts empty workflows eagerly and runs them; between measurements it does nothing. */
export class EmptyWorkflows {
  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<never>,
  ) {}

  /** @throws Error when it ends instead */
  static async start(run: EmptyRun): Promise<EmptyWorkflows> {
    const path = fileURLToPath(new URL('./empty-workflows-process.js', import.meta.url));
    const child = fork(path, [JSON.stringify(run)]);
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`the process with empty workflows ended with ${String(code)}`);
    });
    exited.catch(() => undefined);
    const started = new EmptyWorkflows(child, exited);
    await started.hears('ready');
    return started;
  }

  /** How many empty, eagerly started workflows Temporal starts and ends a second. */
  async measure(count: number): Promise<Ceiling> {
    const known = new Map([[this.child.pid ?? 0, 'worker']]);
    const before = await cpuTimes(known);
    this.child.send({ kind: 'measure', count } satisfies ToEmptyWorkflows);
    const { perSecond } = await this.hears('measured');
    const after = await cpuTimes(known);
    return { perSecond, cpuMsPerWorkflow: before && after && perUnit(before, after, count) };
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.exited.catch(() => undefined);
  }

  private async hears<Kind extends FromEmptyWorkflows['kind']>(
    kind: Kind,
  ): Promise<Extract<FromEmptyWorkflows, { kind: Kind }>> {
    const [message] = (await Promise.race([once(this.child, 'message'), this.exited])) as [
      FromEmptyWorkflows,
    ];
    if (message.kind !== kind) throw new Error(`the process with empty workflows said ${message.kind}`);
    return message as Extract<FromEmptyWorkflows, { kind: Kind }>;
  }
}
