import { spawn } from 'node:child_process';

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and standard error as they came, the last 64 KiB. */
  readonly output: string;
}

/** Runs a command to its end. Rejects if it cannot be started, or with the signal's reason once it was ended for that. */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    user?: { uid: number; gid: number } | undefined;
    signal?: AbortSignal | undefined;
    /** What ends it when `signal` is aborted; SIGKILL follows 5 s later. */
    endWith?: NodeJS.Signals;
  } = {},
): Promise<RunResult> {
  const { signal, endWith = 'SIGTERM' } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...options.user,
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-65_536);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let killTimer: NodeJS.Timeout | undefined;
  let graceTimer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    child.kill(endWith);
    killTimer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<RunResult>((resolve, reject) => {
      const settle = (code: number | null, exitSignal: NodeJS.Signals | null): void => {
        if (signal?.aborted === true) reject(signal.reason as Error);
        else resolve({ code, signal: exitSignal, output });
      };
      child.once('error', reject);
      child.once('close', settle); // all output has come
      // A grandchild that inherited the pipes may keep them open for as long as it likes.
      child.once('exit', (...exit) => (graceTimer = setTimeout(settle, 1_000, ...exit)));
    });
  } finally {
    clearTimeout(killTimer);
    clearTimeout(graceTimer);
    child.stdout.destroy();
    child.stderr.destroy();
    signal?.removeEventListener('abort', abort);
  }
}
