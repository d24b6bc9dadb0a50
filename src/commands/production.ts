import { dashboardPath } from '../api/dashboard/pages-path.js';
import { schemaWorkerPath } from '../api/json-schema/worker-path.js';
import { loadConfig } from '../config.js';
import { keysFor } from './installation-keys.js';
import { createLogger } from '../lib/logger.js';
import { startPosthorn, type Posthorn } from '../posthorn.js';
import { installRuntime } from '../temporal/runtime.js';
import { UserError } from '../lib/user-error.js';
import { workflowBundlePath } from '../workflow-bundle-path.js';
import { watchForStop } from './signals.js';

/** `posthorn api`, `worker` and `all`: against servers that are there. Ends when asked to, or when it cannot go on. */
export async function runProduction(
  environment: NodeJS.ProcessEnv,
  parts: { api: boolean; worker: boolean },
): Promise<void> {
  const config = loadConfig(environment);
  const { databaseUrl } = config;
  if (databaseUrl === undefined) {
    throw new UserError(
      'DATABASE_URL is not set: set it to a PostgreSQL, or run `npm start`, which starts its own.',
    );
  }
  const keys = await keysFor(config);
  const logger = createLogger(config.logLevel);
  const stop = watchForStop((message) => logger.info(message));
  installRuntime(logger);
  let posthorn: Posthorn;
  try {
    posthorn = await startPosthorn({
      ...config,
      ...keys,
      parts,
      databaseUrl,
      ownsTemporal: false,
      allowedTargets: config.allowedTargets ?? [],
      workflowBundlePath,
      schemaWorkerPath,
      dashboardPath,
      logger,
      signal: stop.signal,
    });
  } catch (error) {
    // What a stop cuts short is no failure.
    if (!stop.signal.aborted) throw error;
    logger.info('stopped');
    return;
  }
  logger.info({ url: posthorn.url, ...parts }, 'ready');
  try {
    await Promise.race([stop.wished, posthorn.failed]);
  } finally {
    await posthorn.stop();
    logger.info('stopped');
  }
}
