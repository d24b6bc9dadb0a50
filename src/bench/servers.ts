import { join } from 'node:path';
import { startEmbedded } from '../embedded/start-embedded.js';
import type { Progress } from '../embedded/progress.js';

/** PostgreSQL and Temporal for a benchmark. */
export interface Servers {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** For the report. */
  readonly description: string;
  stop(): Promise<void>;
}

/** Those that the environment names, or embedded ones with new data. */
export async function startServers(
  environment: NodeJS.ProcessEnv,
  options: { readonly embedded: boolean; readonly folder: string; readonly say: Progress },
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
    temporal: { uiPort: null },
    progress: options.say,
  });
  return {
    databaseUrl: embedded.databaseUrl ?? '',
    temporalAddress: embedded.temporalAddress ?? '',
    description: 'embedded PostgreSQL, embedded Temporal on SQLite',
    stop: () => embedded.stop(),
  };
}
