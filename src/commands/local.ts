import { join } from 'node:path';
import { dashboardPath } from '../api/dashboard/pages-path.js';
import { schemaWorkerPath } from '../api/json-schema/worker-path.js';
import { loadConfig, type Config } from '../config.js';
import { announceRunning } from '../embedded/running.js';
import { startEmbedded, type Embedded } from '../embedded/start-embedded.js';
import { keysFor, type Keys } from './installation-keys.js';
import { createLogger } from '../lib/logger.js';
import { startPosthorn, type Posthorn } from '../posthorn.js';
import { installRuntime } from '../temporal/runtime.js';
import { UserError } from '../lib/user-error.js';
import { workflowBundlePath } from '../workflow-bundle-path.js';
import { watchForStop, type StopWish } from './signals.js';

const LOOPBACK_TARGETS = ['127.0.0.0/8', '::1/128'];
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** A whole Posthorn on this machine, while it runs. */
export interface LocalPosthorn {
  readonly url: string;
  readonly adminKey: string;
  readonly dataDir: string;
  /** The UI of the embedded Temporal server; undefined with a given server. */
  readonly temporalUiUrl: string | undefined;
  readonly stop: StopWish;
  /** Registers a receiver to close after Posthorn, so that attempts in flight finish first. */
  closeAfterwards(close: () => Promise<void>): void;
}

/**
 * Starts everything on this machine, with real servers of its own where none is given, and stops it all when `use`
 * has come to an end, which it has to when a stop is wished.
 * @throws UserError when something is missing or taken, or ends by itself
 */
export async function withLocalPosthorn(
  environment: NodeJS.ProcessEnv,
  use: (local: LocalPosthorn) => Promise<void>,
): Promise<void> {
  const config = loadConfig(environment);
  refuseOpenDoor(config);
  const keys = await keysFor(config);
  const stop = watchForStop(say);
  const receivers: (() => Promise<void>)[] = [];
  let embedded: Embedded | undefined;
  let posthorn: Posthorn | undefined;
  let withdraw: (() => void) | undefined;
  try {
    embedded = await startEmbedded({
      dataDir: config.dataDir,
      postgres: config.databaseUrl === undefined,
      temporal:
        config.temporalAddress === undefined
          ? {
              uiPort: config.temporalUiPort,
              serverPath: config.temporalServerPath,
            }
          : false,
      progress: say,
      signal: stop.signal,
    });
    posthorn = await startOn(embedded, config, keys, stop.signal);
    withdraw = await announceRunning(config.dataDir, {
      url: posthorn.url ?? '',
      temporal_ui_url: embedded.temporalUiUrl ?? null,
      pid: process.pid,
    });
    const local = {
      url: posthorn.url ?? '',
      adminKey: keys.adminKey,
      dataDir: config.dataDir,
      temporalUiUrl: embedded.temporalUiUrl,
      stop,
      closeAfterwards: (close: () => Promise<void>) => void receivers.push(close),
    };
    await Promise.race([use(local), posthorn.failed, unexpectedExit(embedded)]);
  } catch (error) {
    // What a stop cuts short is no failure.
    if (!stop.signal.aborted) throw error;
  } finally {
    withdraw?.();
    await stopAll([() => posthorn?.stop(), ...receivers, () => embedded?.stop()]);
  }
  if (stop.signal.aborted) say('Stopped.');
}

/** Where to find what runs, one a line. */
export function whereabouts({ url, temporalUiUrl, adminKey, dataDir }: LocalPosthorn): string[] {
  return [
    `  API           ${url}`,
    ...(temporalUiUrl === undefined ? [] : [`  Temporal UI   ${temporalUiUrl}`]),
    `  Admin key     ${adminKey}`,
    `  Data          ${dataDir} (logs in ${join(dataDir, 'logs')})`,
  ];
}

export function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

async function startOn(
  embedded: Embedded,
  config: Config,
  keys: Keys,
  signal: AbortSignal,
): Promise<Posthorn> {
  const databaseUrl = embedded.databaseUrl ?? config.databaseUrl;
  if (databaseUrl === undefined) throw new Error('there is no database');
  const logger = createLogger(config.logLevel);
  installRuntime(logger);
  return startPosthorn({
    ...config,
    parts: { api: true, worker: true },
    databaseUrl,
    temporalAddress: embedded.temporalAddress ?? config.temporalAddress,
    temporalUiUrl: config.temporalUiUrl ?? embedded.temporalUiUrl,
    ownsTemporal: embedded.temporalAddress !== undefined,
    ...keys,
    allowedTargets: config.allowedTargets ?? LOOPBACK_TARGETS,
    workflowBundlePath,
    schemaWorkerPath,
    dashboardPath,
    logger,
    signal,
  });
}

/** Stops in this order. A failure does not keep the others from being stopped. */
async function stopAll(stops: readonly (() => Promise<void> | undefined)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of stops) await stop()?.catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Generated keys are no protection when other machines can connect. */
function refuseOpenDoor(config: Config): void {
  const embedded = config.databaseUrl === undefined || config.temporalAddress === undefined;
  const keysGiven = config.adminKey !== undefined && config.encryptionKey !== undefined;
  if (embedded && !keysGiven && !LOOPBACK_HOST.test(config.host)) {
    throw new UserError(
      `HOST=${config.host} would open this API to other machines with generated keys: set POSTHORN_ADMIN_KEY and ` +
        'POSTHORN_ENCRYPTION_KEY first, or leave HOST at 127.0.0.1.',
    );
  }
}

async function unexpectedExit(embedded: Embedded): Promise<never> {
  const { name, code, signal, logTail } = await embedded.onUnexpectedExit;
  throw new UserError(`${name} ended unexpectedly (${signal ?? `exit code ${code}`}).\n${logTail}`);
}
