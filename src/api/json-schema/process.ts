import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { SchemaAnswer, SchemaRequest } from './worker.js';

/** The outcome of a request. After the last three, the process is gone with everything that it had compiled. */
export type SchemaOutcome =
  | { readonly kind: 'answered'; readonly answer: SchemaAnswer }
  /** It exceeded its processor time and was ended. */
  | { readonly kind: 'cut_off' }
  | { readonly kind: 'out_of_memory' }
  /** It was not done after a long time without having had its processor time: the machine is busy. */
  | { readonly kind: 'starved' };

/** Wall-clock time beyond a request's own limit, after which nobody wants to wait. */
const PATIENCE_MS = 5_000;
/** Time for a process to start, which is not limited otherwise. */
const START_PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;
/** Memory for compiled schemas and one check: a large event may have many errors. */
const MEMORY = ['--max-old-space-size=384', '--max-semi-space-size=16'];
/** How V8, or the kernel, ends a process that has no memory left: by a signal, or what a shell makes of it. */
const OUT_OF_MEMORY = new Set<unknown>(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGKILL', 133, 134, 137]);
/** Linux counts the time of threads in these, on every machine. */
const TICK_MS = 10;

/**
 * The process that runs callers' schemas. It starts with the first request, and again after one that had to be ended. A
 * thread would not do: V8 ends the whole process when a thread needs more memory at once than it has left (0010).
 *
 * Its limit is processor time, not wall-clock time, which also passes while it waits for a processor.
 */
export class SchemaProcess {
  private running: Running | undefined;
  private closed = false;

  /** @param path the schema worker, compiled */
  constructor(private readonly path: string) {}

  /**
   * Sends one request. The previous one must have been answered.
   * @param limitMs processor time that it may take
   * @throws what the process broke on
   */
  async ask(request: SchemaRequest, limitMs: number): Promise<SchemaOutcome> {
    if (this.closed) return { kind: 'starved' };
    // Whatever ended it while nobody asked is no reason for an answer.
    if (this.running?.isOver) await this.end();
    const running = (this.running ??= new Running(this.path));
    try {
      const outcome = await running.ask(request, limitMs);
      if (outcome.kind === 'answered') return outcome;
      await this.end();
      return outcome;
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.end();
  }

  private async end(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    await running?.end();
  }
}

/** One life of the process. */
class Running {
  private readonly child: ChildProcess;
  private readonly ready: Promise<Happening>;
  /** The one who waits for what happens next. */
  private tell: ((happening: Happening) => void) | undefined;
  private lastWord: Happening | undefined;

  constructor(path: string) {
    // Without the environment, which has keys in it, and without the flags of this process (a test runner's loader).
    this.child = fork(path, [], {
      env: {},
      execArgv: MEMORY,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message) => {
      const answer = message as SchemaAnswer;
      if (answer.kind === 'broken') this.over({ kind: 'broken', error: new Error(answer.message) });
      else this.tell?.({ kind: 'answered', answer });
    });
    this.child.on('error', (error) => this.over({ kind: 'broken', error }));
    this.child.on('exit', (code, signal) => {
      const isOutOfMemory = OUT_OF_MEMORY.has(signal ?? code);
      const error = new Error('the schema process ended');
      this.over(isOutOfMemory ? { kind: 'out_of_memory' } : { kind: 'broken', error });
    });
    this.child.unref();
    this.child.channel?.unref();
    this.ready = this.next(START_PATIENCE_MS, () => ({ kind: 'starved' }));
  }

  get isOver(): boolean {
    return this.lastWord !== undefined;
  }

  async ask(request: SchemaRequest, limitMs: number): Promise<SchemaOutcome> {
    const ready = outcomeOf(await this.ready);
    if (ready.kind !== 'answered') return ready;
    const threadPath = ready.answer.kind === 'ready' ? ready.answer.threadPath : null;
    const startedAt = performance.now();
    const usedBefore = processorMs(threadPath);
    this.child.send(request);
    const happening = await this.next(limitMs, () => {
      const left = limitMs - (processorMs(threadPath) - usedBefore);
      if (left <= 0) return { kind: 'cut_off' };
      if (performance.now() - startedAt > limitMs + PATIENCE_MS) return { kind: 'starved' };
      return Math.max(left, LOOK_AGAIN_MS);
    });
    return outcomeOf(happening);
  }

  async end(): Promise<void> {
    this.over({ kind: 'starved' });
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined)
      return;
    const exited = once(this.child, 'exit');
    this.child.ref();
    this.child.kill('SIGKILL');
    await exited;
  }

  /**
   * What the thread answers, or how it ends, or what `look` makes of it after a while: that, or in how many
   * milliseconds it looks again.
   */
  private next(lookAfterMs: number, look: () => SchemaOutcome | number): Promise<Happening> {
    if (this.lastWord) return Promise.resolve(this.lastWord);
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const tell = (happening: Happening) => {
        clearTimeout(timer);
        this.tell = undefined;
        resolve(happening);
      };
      const lookNow = () => {
        if (this.tell !== tell) return;
        const seen = look();
        if (typeof seen === 'number') lookIn(seen);
        else tell(seen);
      };
      // Immediately after what has come in: if this thread was the busy one, the answer may be waiting here.
      const lookIn = (ms: number) => {
        timer = setTimeout(() => setImmediate(lookNow), ms);
      };
      this.tell = tell;
      lookIn(lookAfterMs);
    });
  }

  private over(end: Happening): void {
    this.lastWord ??= end;
    this.tell?.(this.lastWord);
  }
}

/** What comes from a process, which may also break on an error of ours. */
type Happening = SchemaOutcome | { readonly kind: 'broken'; readonly error: Error };

function outcomeOf(happening: Happening): SchemaOutcome {
  if (happening.kind === 'broken') throw happening.error;
  return happening;
}

/**
 * The processor time that a thread has used, in milliseconds; where it cannot be known, wall-clock time. Then a check is
 * cut off early when it waits for a processor.
 */
function processorMs(threadPath: string | null): number {
  if (threadPath === null) return performance.now();
  try {
    const stat = readFileSync(`${threadPath}/stat`, 'latin1');
    // After the name, which is in brackets and may contain anything: proc(5), utime and stime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    // It has ended, and will say so.
    return 0;
  }
}
