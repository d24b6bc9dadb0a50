import { loadConfig } from '../config.js';
import { loadOrCreateKeys } from '../embedded/keys.js';
import { createLogger } from '../logger.js';
import { startPosthorn } from '../posthorn.js';
import { installRuntime } from '../temporal/runtime.js';
import { UserError } from '../user-error.js';
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
    throw new UserError('Set DATABASE_URL to a PostgreSQL, or run `npm start`, which brings its own.');
  }
  const keys = await keysFor(environment, config);
  const logger = createLogger(config.logLevel);
  const stop = watchForStop((message) => logger.info(message));
  installRuntime(logger);
  const posthorn = await startPosthorn({
    ...config,
    ...keys,
    parts,
    databaseUrl,
    allowedTargets: config.allowedTargets ?? [],
    workflowBundlePath,
    logger,
  });
  logger.info({ url: posthorn.url, ...parts }, 'ready');
  try {
    await Promise.race([stop.wished, posthorn.failed]);
  } finally {
    await posthorn.stop();
    logger.info('stopped');
  }
}

/** In production every process must be given the same keys; elsewhere they are made once and kept. */
async function keysFor(environment: NodeJS.ProcessEnv, config: ReturnType<typeof loadConfig>) {
  const { adminKey, encryptionKey } = config;
  if (adminKey !== undefined && encryptionKey !== undefined) return { adminKey, encryptionKey };
  if (environment.NODE_ENV === 'production') {
    throw new UserError(
      'With NODE_ENV=production, set POSTHORN_ADMIN_KEY (at least 16 characters) and POSTHORN_ENCRYPTION_KEY ' +
        '(base64 of 32 random bytes, as from `openssl rand -base64 32`).',
    );
  }
  const kept = await loadOrCreateKeys(config.dataDir);
  return {
    adminKey: adminKey ?? kept.adminKey,
    encryptionKey: encryptionKey ?? Buffer.from(kept.encryptionKey, 'base64'),
  };
}
