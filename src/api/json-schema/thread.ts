import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { SchemaAnswer, SchemaRequest } from './worker.js';

/** The outcome of a request. After the last three, the thread is gone with everything that it had compiled. */
export type ThreadOutcome =
  | { readonly kind: 'answered'; readonly answer: SchemaAnswer }
  /** It exceeded its processor time and was ended. */
  | { readonly kind: 'cut_off' }
  | { readonly kind: 'out_of_memory' }
  /** It was not done after a long time without having had its processor time: the machine is busy. */
  | { readonly kind: 'starved' };

/** Wall-clock time beyond a request's own limit, after which nobody wants to wait. */
const PATIENCE_MS = 5_000;
/** Time for a thread to start, which is not limited otherwise. */
const START_PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;
/** Memory for compiled schemas and one check: a large event may have many errors. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 32 };
/** Linux counts the time of threads in these, on every machine. */
const TICK_MS = 10;

/**
 * The thread that runs callers' schemas. It starts with the first request, and again after one that had to be ended.
 * Its limit is processor time, not wall-clock time, which also passes while it waits for a processor.
 */
export class SchemaThread {
  private running: Running | undefined;
  private closed = false;

  /** @param path the schema worker, compiled */
  constructor(private readonly path: string) {}

  /**
   * Sends one request. The previous one must have been answered.
   * @param limitMs processor time that it may take
   * @throws what the thread broke on
   */
  async ask(request: SchemaRequest, limitMs: number): Promise<ThreadOutcome> {
    if (this.closed) return { kind: 'starved' };
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

/** One life of the thread. */
class Running {
  private readonly worker: Worker;
  private readonly ready: Promise<Happening>;
  /** The one who waits for what happens next. */
  private tell: ((happening: Happening) => void) | undefined;
  private lastWord: Happening | undefined;

  constructor(path: string) {
    // Without the environment, which has keys in it, and without the flags of the process (a test runner's loader).
    this.worker = new Worker(path, { env: {}, execArgv: [], resourceLimits: RESOURCE_LIMITS });
    this.worker.on('message', (answer: SchemaAnswer) => this.tell?.({ kind: 'answered', answer }));
    this.worker.on('error', (error: Error & { code?: string }) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.over(outOfMemory ? { kind: 'out_of_memory' } : { kind: 'broken', error });
    });
    this.worker.on('exit', () => this.over({ kind: 'broken', error: new Error('the schema worker ended') }));
    // After the listeners, of which the first would undo it.
    this.worker.unref();
    this.ready = this.next(START_PATIENCE_MS, () => ({ kind: 'starved' }));
  }

  async ask(request: SchemaRequest, limitMs: number): Promise<ThreadOutcome> {
    const ready = outcomeOf(await this.ready);
    if (ready.kind !== 'answered') return ready;
    const threadPath = ready.answer.kind === 'ready' ? ready.answer.threadPath : null;
    const startedAt = performance.now();
    const usedBefore = processorMs(threadPath);
    this.worker.postMessage(request);
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
    await this.worker.terminate();
  }

  /**
   * What the thread answers, or how it ends, or what `look` makes of it after a while: that, or in how many
   * milliseconds it looks again.
   */
  private next(lookAfterMs: number, look: () => ThreadOutcome | number): Promise<Happening> {
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

/** What comes from a thread, which may also break on an error of ours. */
type Happening = ThreadOutcome | { readonly kind: 'broken'; readonly error: Error };

function outcomeOf(happening: Happening): ThreadOutcome {
  if (happening.kind === 'broken') throw happening.error;
  return happening;
}

/**
 * The processor time that a thread has used; where it cannot be known, that of the whole process, which is more. Then
 * a check is cut off too early when the process is busy for as long as the check is allowed.
 */
function processorMs(threadPath: string | null): number {
  if (threadPath === null) {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
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
