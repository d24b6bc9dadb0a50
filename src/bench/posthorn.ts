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
  stop(): Promise<void>;
}

/** @throws Error with what it printed when it does not start */
export async function startPosthornProcess(servers: {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}): Promise<MeasuredPosthorn> {
  const adminKey = randomBytes(24).toString('hex');
  const child = spawn(process.execPath, [fileURLToPath(new URL('../cli.js', import.meta.url)), 'all'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: servers.databaseUrl,
      TEMPORAL_ADDRESS: servers.temporalAddress,
      POSTHORN_TASK_QUEUE: `bench-${randomBytes(6).toString('hex')}`,
      POSTHORN_ADMIN_KEY: adminKey,
      POSTHORN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      POSTHORN_ALLOWED_TARGETS: '127.0.0.0/8',
      POSTHORN_RATE_LIMIT: '0',
      LOG_LEVEL: 'info',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const { msg, url: at } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === 'ready' && at !== undefined) resolve(at);
    });
    void exited.then(([code]) => reject(new Error(`posthorn all ended with ${String(code)}`)));
  });
  return {
    url,
    adminKey,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
