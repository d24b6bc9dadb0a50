import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { ApiClient } from './api-client.js';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ADMIN_KEY = 'an-admin-key-for-tests';
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');

/** A Posthorn process of its own, as production runs it: `posthorn all`, `api` or `worker`. */
export class PosthornProcess {
  /** What it printed, a line each. */
  readonly lines: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown[]>,
  ) {}

  /**
   * Starts one and waits until it says that it is ready.
   * @param cli the `cli.js` to run; by default this build's
   */
  static async start(
    command: string,
    environment: Readonly<Record<string, string>>,
    cli = CLI,
  ): Promise<PosthornProcess> {
    const child = spawn(process.execPath, [cli, command], {
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
    });
    const posthorn = new PosthornProcess(child, once(child, 'exit'));
    await posthorn.lineThat((line) => line.includes('"msg":"ready"'));
    return posthorn;
  }

  /** Resolves with the first line that fits; rejects when the process ends before. */
  private async lineThat(fits: (line: string) => boolean): Promise<void> {
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) throw new Error('the process has no output');
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: stdout }).on('line', (line) => {
        this.lines.push(line);
        if (fits(line)) resolve();
      });
      createInterface({ input: stderr }).on('line', (line) => this.lines.push(line));
      void this.exited.then(([code]) =>
        reject(new Error(`ended with ${String(code)}:\n${this.lines.join('\n')}`)),
      );
    });
  }

  get api(): ApiClient {
    const ready = this.lines.find((line) => line.includes('"msg":"ready"')) ?? '{}';
    return new ApiClient((JSON.parse(ready) as { url: string }).url, ADMIN_KEY);
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Ends it as an operator would; gives the exit code. */
  async stop(): Promise<number> {
    this.child.kill('SIGTERM');
    const [code] = await this.exited;
    return Number(code);
  }
}
