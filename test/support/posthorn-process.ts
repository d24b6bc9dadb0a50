import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { ApiClient } from './api-client.js';
import { stopAfterwards } from './stop-afterwards.js';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ADMIN_KEY = 'an-admin-key-for-tests';
/** It gives attempts in flight 30 s, and 10 s more to be recorded. */
const LONGEST_STOP_MS = 50_000;
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');

/** A Posthorn process of its own, as production runs it: `posthorn all`, `api`, `worker`, or a command that ends. */
export class PosthornProcess {
  /** What it printed, a line each. */
  readonly lines: string[] = [];
  /** Its exit code, when it has ended and all its lines are there. */
  readonly ended: Promise<number>;
  /** It was ready, and nobody has ended it since. */
  private isToRun = false;
  private readonly onLine = new Set<(line: string) => void>();

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'close').then(([code]) => Number(code));
    stopAfterwards(() => this.stopIfItRuns());
    for (const output of [child.stdout, child.stderr]) {
      if (!output) throw new Error('the process has no output');
      createInterface({ input: output }).on('line', (line) => {
        this.lines.push(line);
        for (const tell of this.onLine) tell(line);
      });
    }
  }

  /**
   * Launches one, and waits for nothing.
   * @param command none: what `posthorn` does without one
   * @param cli the `cli.js` to run; by default this build's
   * @param files how many files and connections it may have open; by default as many as this process
   */
  static launch(
    command: string | null,
    environment: Readonly<Record<string, string>>,
    cli = CLI,
    files: number | null = null,
  ): PosthornProcess {
    const node = [process.execPath, cli, ...(command === null ? [] : [command])];
    const [file = '', ...args] =
      files === null ? node : ['sh', '-c', `ulimit -n ${files} && exec "$@"`, 'sh', ...node];
    return new PosthornProcess(
      spawn(file, args, {
        env: {
          PATH: process.env.PATH,
          NODE_ENV: 'production',
          TEMPORAL_ADDRESS: inject('temporalAddress'),
          POSTHORN_ADMIN_KEY: ADMIN_KEY,
          POSTHORN_ENCRYPTION_KEY: ENCRYPTION_KEY,
          POSTHORN_ALLOWED_TARGETS: '127.0.0.0/8',
          PORT: '0',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Starts one and waits until it says that it is ready. */
  static async start(
    command: string,
    environment: Readonly<Record<string, string>>,
    cli = CLI,
    files: number | null = null,
  ): Promise<PosthornProcess> {
    const posthorn = PosthornProcess.launch(command, environment, cli, files);
    await posthorn.lineThat((line) => line.includes('"msg":"ready"'));
    posthorn.isToRun = true;
    return posthorn;
  }

  /** Resolves with the first line from now on that fits; rejects when the process ends before. */
  private async lineThat(fits: (line: string) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.onLine.add((line) => {
        if (fits(line)) resolve();
      });
      void this.ended.then((code) => reject(new Error(`ended with ${code}:\n${this.lines.join('\n')}`)));
    });
  }

  get api(): ApiClient {
    const ready = this.lines.find((line) => line.includes('"msg":"ready"')) ?? '{}';
    return new ApiClient((JSON.parse(ready) as { url: string }).url, ADMIN_KEY);
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  /** Resolves when it has printed a line that has this in it. */
  async says(text: string): Promise<void> {
    if (!this.lines.some((line) => line.includes(text))) await this.lineThat((line) => line.includes(text));
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    this.isToRun = false;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it as an operator would; gives the exit code. */
  async stop(): Promise<number> {
    this.isToRun = false;
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** Its stop must succeed when nobody has ended it, and one that was ready must not have ended by itself. */
  private async stopIfItRuns(): Promise<void> {
    const { child } = this;
    const runs = child.exitCode === null && child.signalCode === null;
    if (runs) {
      const overdue = setTimeout(() => child.kill('SIGKILL'), LONGEST_STOP_MS);
      child.kill('SIGTERM');
      await this.ended;
      clearTimeout(overdue);
    }
    await this.ended;
    if (this.isToRun && !runs) throw this.failure('A process ended by itself with');
    if (runs && child.exitCode !== 0) throw this.failure('A process ended with');
  }

  private failure(what: string): Error {
    const { exitCode, signalCode } = this.child;
    return new Error(`${what} ${exitCode ?? signalCode}:\n${this.lines.join('\n')}`);
  }
}
