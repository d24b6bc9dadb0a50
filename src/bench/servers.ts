import { join } from 'node:path';
import { startEmbedded } from '../embedded/start-embedded.js';
import { startTemporalOnPostgres } from './temporal-on-postgres.js';
import type { Progress } from '../embedded/progress.js';

/** PostgreSQL and Temporal for a benchmark. */
export interface Servers {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** For the report. */
  readonly description: string;
  stop(): Promise<void>;
}

/** Those that the environment names, or new ones: Temporal on PostgreSQL, or embedded on SQLite. */
export async function startServers(
  environment: NodeJS.ProcessEnv,
  options: {
    readonly embedded: boolean;
    readonly folder: string;
    readonly say: Progress;
    /** Ends a start that has not come to its end. */
    readonly signal: AbortSignal;
  },
): Promise<Servers> {
  const { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress } = environment;
  if (!options.embedded && databaseUrl !== undefined && temporalAddress !== undefined) {
    return {
      databaseUrl,
      temporalAddress,
      description: 'the given PostgreSQL and Temporal',
      stop: () => Promise.resolve(),
    };
  }
  const embedded = await startEmbedded({
    dataDir: join(options.folder, 'data'),
    postgres: true,
    temporal: options.embedded ? { uiPort: null } : false,
    progress: options.say,
    signal: options.signal,
  });
  const { databaseUrl: url = '', temporalAddress: address } = embedded;
  if (address !== undefined) {
    return {
      databaseUrl: url,
      temporalAddress: address,
      description: 'embedded PostgreSQL, embedded Temporal on SQLite',
      stop: () => embedded.stop(),
    };
  }
  try {
    const { folder, say: progress, signal } = options;
    const temporal = await startTemporalOnPostgres({ databaseUrl: url, folder, progress, signal });
    return {
      databaseUrl: url,
      temporalAddress: temporal.address,
      description: 'PostgreSQL with fsync, the Temporal server on the same PostgreSQL',
      async stop() {
        await temporal.server.stop();
        await embedded.stop();
      },
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
