import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { ReadyAttempts } from './activities/ready-attempts.js';
import type { ApiContext } from './api/context.js';
import { createReadiness } from './api/readiness.js';
import { createServer } from './api/server.js';
import { createAddressGuard } from './delivery/address-guard.js';
import { Pace } from './delivery/pace.js';
import { createPost } from './delivery/post.js';
import { migrate } from './store/migrate.js';
import { keepPartitionsAhead } from './store/partitions.js';
import { createPool } from './store/pool.js';
import { createSealer } from './store/sealer.js';
import { connectClient, connectWorker } from './temporal/connection.js';
import { createEventWorkflows } from './temporal/event-workflows.js';
import { ensureSearchAttributes } from './temporal/search-attributes.js';
import { releaseThrough, startWorkers, WORKFLOW_TASK_SLOTS } from './temporal/workers.js';

/** What one Posthorn process is given: everything decided, nothing read from the environment any more. */
export interface PosthornOptions {
  readonly parts: { readonly api: boolean; readonly worker: boolean };
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  /** Undefined: what the TEMPORAL_ environment variables say. */
  readonly temporalAddress: string | undefined;
  readonly taskQueue: string;
  readonly adminKey: string;
  readonly encryptionKey: Buffer;
  readonly allowedTargets: readonly string[];
  readonly maxEventBytes: number;
  readonly concurrentAttempts: number;
  /** How long attempts in flight may go on after a stop, in milliseconds; longer than any attempt by default. */
  readonly graceMs?: number;
  /** The workflows as `npm run build` bundles them. */
  readonly workflowBundlePath: string;
  readonly logger: Logger;
}

export interface Posthorn {
  /** Where the API listens; null without one. */
  readonly url: string | null;
  /** Rejects when the process cannot go on. */
  readonly failed: Promise<never>;
  /** Takes no more work, finishes what is in flight, closes everything. */
  stop(): Promise<void>;
}

/** An answer within this time earns an endpoint the local path, for this long. */
const FAST_MS = 500;
const FAST_FOR_MS = 10 * 60_000;

/** Starts the API, the workers, or both in one process, where workflows start eagerly. */
export async function startPosthorn(options: PosthornOptions): Promise<Posthorn> {
  const { parts, logger, taskQueue } = options;
  /** How to close what was opened, last opened first. */
  const closing: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= closeAll(closing));
  try {
    await migrate(options.databaseUrl, logger);
    const pool = createPool({
      databaseUrl: options.databaseUrl,
      connections: options.databaseConnections,
      logger,
    });
    closing.unshift(() => pool.end());
    const partitions = await keepPartitionsAhead(pool, logger);
    closing.unshift(() => partitions.stop());

    const target = { address: options.temporalAddress };
    const workerConnection = parts.worker ? await connectWorker(target) : null;
    const temporal = workerConnection ?? (await connectClient(target));
    closing.unshift(() => temporal.close());
    const { client, namespace } = temporal;
    await ensureSearchAttributes(temporal.operator, namespace);

    const sealer = createSealer(options.encryptionKey);
    const guard = createAddressGuard(options.allowedTargets);
    let workersDone: Promise<void> = new Promise(() => undefined);
    if (workerConnection) {
      const { post, close } = createPost(guard);
      closing.unshift(close);
      const workers = await startWorkers({
        connection: workerConnection.connection,
        namespace,
        taskQueue,
        workflowBundle: { codePath: options.workflowBundlePath },
        concurrentAttempts: options.concurrentAttempts,
        ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
        dependencies: {
          pool,
          sealer,
          post,
          pace: new Pace({
            slots: WORKFLOW_TASK_SLOTS,
            fastMs: FAST_MS,
            keepMs: FAST_FOR_MS,
            now: () => performance.now(),
          }),
          ready: new ReadyAttempts(),
          logger,
          now: () => new Date(),
          release: releaseThrough(client),
        },
      });
      closing.unshift(() => workers.stop());
      workersDone = workers.done;
    }

    let url: string | null = null;
    if (parts.api) {
      const api = await listen(options, {
        pool,
        sealer,
        guard,
        workflows: createEventWorkflows(client, { taskQueue, namespace, eager: parts.worker }),
        readiness: createReadiness(pool, client, { namespace, taskQueue }),
        adminKey: options.adminKey,
        maxEventBytes: options.maxEventBytes,
        logger,
      });
      closing.unshift(() => closeServer(api));
      url = urlOf(api, options.host);
    }
    return { url, failed: failureOf(workersDone, () => stopping !== undefined), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen(options: PosthornOptions, context: ApiContext): Promise<Server> {
  const server = createServer(context).listen(options.port, options.host);
  await once(server, 'listening');
  return server;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** No new requests; those in flight get their answers. */
async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}

/** A worker that ends unasked ends the process. */
function failureOf(workersDone: Promise<void>, isStopping: () => boolean): Promise<never> {
  const failed = workersDone.then(() => {
    if (isStopping()) return new Promise<never>(() => undefined);
    throw new Error('the workers ended without having been asked to');
  });
  failed.catch(() => undefined);
  return failed;
}

async function closeAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing) {
    await close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
}
