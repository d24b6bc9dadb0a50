import { join } from 'node:path';
import { UserError } from '../lib/user-error.js';
import { ensureDataDir } from './files.js';
import { loadOrCreateKeys } from './keys.js';
import { isTaken } from './ports.js';
import { postgresLeftover, startPostgres } from './postgres/server.js';
import type { ServerExit, ServerProcess } from './processes/child.js';
import { endLeftovers, serverMark } from './processes/leftovers.js';
import { tryLock, type Release } from './processes/lock.js';
import type { Progress } from './progress.js';
import { temporalBinary } from './temporal/binary.js';
import { startTemporal, temporalLeftover } from './temporal/server.js';

export interface EmbeddedOptions {
  /** Where everything is kept (POSTHORN_DATA_DIR); made if missing, may be relative. One running instance per directory. */
  readonly dataDir: string;
  /** Whether to start PostgreSQL. */
  readonly postgres: boolean;
  /** Whether to start Temporal, and how. */
  readonly temporal: false | EmbeddedTemporalOptions;
  /** Told each step that a person would wait for, one line each. */
  readonly progress: Progress;
  /** Aborting it while the servers start ends what was started, a build too; the call rejects with its reason. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedTemporalOptions {
  /** The UI's port (POSTHORN_TEMPORAL_UI_PORT); null = no UI. All other ports are chosen free. */
  readonly uiPort: number | null;
  /** A `temporal` command to use (POSTHORN_TEMPORAL_SERVER); found or got by other ways when not given. */
  readonly serverPath?: string | undefined;
}

export interface Embedded {
  readonly databaseUrl?: string;
  /** host:port of the gRPC frontend; the namespace is `default`. */
  readonly temporalAddress?: string;
  readonly temporalUiUrl?: string;
  /** Resolves when a server ends without `stop` having been called. The others go on until `stop` is. */
  readonly onUnexpectedExit: Promise<ServerExit>;
  /** Ends Temporal, then PostgreSQL, and waits until both are gone. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL and a real Temporal dev server as child processes, on the loopback address alone, after ending
 * any that a killed predecessor left on the same data directory. Resolves when both answer.
 *
 * @throws UserError if something is missing or taken; nothing is left running then.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = await ensureDataDir(options.dataDir);
  const release = await tryLock(join(dataDir, 'posthorn.lock'));
  if (typeof release !== 'function') {
    throw new UserError(
      `Posthorn (process ${release.heldBy}) is already running on ${dataDir}: stop it, or set POSTHORN_DATA_DIR and other ports to run a second one.`,
    );
  }
  try {
    return await startLocked(dataDir, release, options);
  } catch (error) {
    await release();
    throw error;
  }
}

async function startLocked(dataDir: string, release: Release, options: EmbeddedOptions): Promise<Embedded> {
  const { progress, temporal } = options;
  const mark = await serverMark(dataDir);
  await endLeftovers([temporalLeftover(mark), postgresLeftover(dataDir, mark)], progress);
  const uiPort = temporal === false ? null : temporal.uiPort;
  if (uiPort !== null && (await isTaken(uiPort))) {
    throw new UserError(
      `Port ${uiPort}, for Temporal's UI, is in use: set POSTHORN_TEMPORAL_UI_PORT to a free one.`,
    );
  }
  const { postgresPassword: password } = await loadOrCreateKeys(dataDir);
  const failed = new AbortController();
  const signal = AbortSignal.any(
    options.signal === undefined ? [failed.signal] : [failed.signal, options.signal],
  );
  const context = { dataDir, mark, progress, signal };

  const startingPostgres = options.postgres ? startPostgres({ ...context, password }) : undefined;
  const startingTemporal =
    temporal === false
      ? undefined
      : temporalBinary({ serverPath: temporal.serverPath, progress, signal }).then((binary) =>
          startTemporal({ ...context, binary, uiPort }),
        );
  for (const starting of [startingTemporal, startingPostgres]) {
    starting?.catch((error: unknown) => failed.abort(error));
  }
  const temporalStarted = await startingTemporal?.catch(() => undefined);
  const postgresStarted = await startingPostgres?.catch(() => undefined);
  const servers = [temporalStarted, postgresStarted].flatMap((started) => started?.server ?? []); // stopped in this order
  if (signal.aborted) {
    await stopAll(servers);
    throw signal.reason as Error;
  }
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(servers).finally(release));
  const onUnexpectedExit = new Promise<ServerExit>((resolve) => {
    for (const server of servers) {
      void server.exited.then((exit) => {
        if (stopping === undefined) resolve(exit);
      });
    }
  });
  return {
    ...(postgresStarted === undefined ? {} : { databaseUrl: postgresStarted.url }),
    ...(temporalStarted === undefined ? {} : { temporalAddress: temporalStarted.address }),
    ...(uiPort === null ? {} : { temporalUiUrl: `http://127.0.0.1:${uiPort}` }),
    onUnexpectedExit,
    stop,
  };
}

async function stopAll(servers: readonly ServerProcess[]): Promise<void> {
  for (const server of servers) await server.stop();
}
