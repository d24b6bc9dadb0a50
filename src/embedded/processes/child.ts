import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../lib/errors.js';

/** Signals sent one after the other until the process is gone, each with the time it gets. */
export type StopSignals = readonly { signal: NodeJS.Signals; waitMs: number }[];

export interface ServerSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user?: { uid: number; gid: number } | undefined;
  /** Gets the server's output; the previous run's is kept beside it as `….1`. */
  readonly logFile: string;
  readonly stopSignals: StopSignals;
}

export interface ServerExit {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of its log. */
  readonly logTail: string;
}

export interface ServerProcess {
  readonly name: string;
  readonly exited: Promise<ServerExit>;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a server in a session of its own: Ctrl-C in the terminal and the terminal's end reach only this process, which
 * lets its work drain before it stops the server.
 */
export async function startServer(spec: ServerSpec): Promise<ServerProcess> {
  await mkdir(dirname(spec.logFile), { recursive: true, mode: 0o700 });
  await rename(spec.logFile, `${spec.logFile}.1`).catch(ignoreMissing);
  const log = await open(spec.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...spec.user,
    });
    await once(child, 'spawn'); // rejects if the command cannot be run
  } finally {
    await log.close();
  }
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('exit', (code, signal) => {
      void tail(spec.logFile).then((logTail) => resolve({ name: spec.name, code, signal, logTail }));
    });
  });
  const stop = async (): Promise<void> => {
    for (const { signal, waitMs } of spec.stopSignals) {
      child.kill(signal);
      if (await settlesWithin(exited, waitMs)) break;
    }
  };
  return { name: spec.name, exited, stop };
}

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function tail(path: string): Promise<string> {
  const log = await open(path, 'r').catch(() => undefined);
  if (log === undefined) return '';
  try {
    const length = 65_536;
    const start = Math.max(0, (await log.stat()).size - length);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(length), 0, length, start);
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
    // What a Go program says when it breaks down has its reason first, and many lines of stacks after it.
    const reason = lines.findLastIndex((line) => /^(panic|fatal error): /.test(line));
    return lines
      .slice(reason === -1 ? -15 : reason)
      .slice(0, 15)
      .join('\n');
  } finally {
    await log.close();
  }
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
