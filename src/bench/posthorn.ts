import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Posthorn under measurement: `posthorn all`, a process of its own as in production. */
export interface MeasuredPosthorn {
  readonly url: string;
  readonly adminKey: string;
  readonly pid: number;
  /** Starts a second process with a worker beside it. */
  addWorker(): Promise<AddedWorker>;
  /** And the workers that were added. */
  stop(): Promise<void>;
}

export interface AddedWorker {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Its default: an endpoint that hangs may have a quarter of these. */
export const CONCURRENT_ATTEMPTS = 1_000;

/** @throws Error with what it printed when it does not start */
export async function startPosthornProcess(servers: {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}): Promise<MeasuredPosthorn> {
  const adminKey = randomBytes(24).toString('hex');
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: servers.databaseUrl,
    TEMPORAL_ADDRESS: servers.temporalAddress,
    POSTHORN_TASK_QUEUE: `bench-${randomBytes(6).toString('hex')}`,
    POSTHORN_ADMIN_KEY: adminKey,
    POSTHORN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    POSTHORN_ALLOWED_TARGETS: '127.0.0.0/8',
    POSTHORN_RATE_LIMIT: '0',
    POSTHORN_CONCURRENT_ATTEMPTS: String(CONCURRENT_ATTEMPTS),
    LOG_LEVEL: 'info',
    PORT: '0',
  };
  const all = await startCommand('all', env);
  const workers: Promise<AddedWorker>[] = [];
  return {
    url: all.url ?? '',
    adminKey,
    pid: all.pid,
    addWorker() {
      const worker = startCommand('worker', env);
      workers.push(worker);
      return worker;
    },
    async stop() {
      for (const worker of await Promise.allSettled(workers)) {
        if (worker.status === 'fulfilled') await worker.value.stop();
      }
      await all.stop();
    },
  };
}

async function startCommand(
  command: 'all' | 'worker',
  env: NodeJS.ProcessEnv,
): Promise<AddedWorker & { readonly url: string | null }> {
  const cli = fileURLToPath(new URL('../cli.js', import.meta.url));
  const child = spawn(process.execPath, [cli, command], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string | null>((resolve, reject) => {
    lines.on('line', (line) => {
      const { msg, url: at = null } = JSON.parse(line) as { msg?: string; url?: string | null };
      if (msg !== 'ready') return;
      resolve(at);
      // Closing pauses the stream, and Posthorn would wait for a full pipe; reading on would cost what is measured.
      lines.close();
      child.stdout.resume();
    });
    void exited.then(([code]) => reject(new Error(`posthorn ${command} ended with ${String(code)}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
