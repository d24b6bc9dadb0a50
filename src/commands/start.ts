import { join } from 'node:path';
import { loadConfig, type Config } from '../config.js';
import { startEmbedded, type Embedded } from '../embedded/start-embedded.js';
import { keysFor, type Keys } from '../keys.js';
import { createLogger } from '../logger.js';
import { startPosthorn, type Posthorn } from '../posthorn.js';
import { installRuntime } from '../temporal/runtime.js';
import { UserError } from '../user-error.js';
import { workflowBundlePath } from '../workflow-bundle-path.js';
import { ensureExample, type Example } from '../example/example.js';
import { watchForStop, type StopWish } from './signals.js';

const LOOPBACK_TARGETS = ['127.0.0.0/8', '::1/128'];
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** `npm start`: everything on this machine, with real servers of its own where none is given. */
export async function runStart(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = loadConfig(environment);
  refuseOpenDoor(config);
  const keys = await keysFor(config);
  const stop = watchForStop(say);
  let embedded: Embedded | undefined;
  let posthorn: Posthorn | undefined;
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
    posthorn = await startOn(embedded, config, keys, stop);
    await Promise.race([stop.wished, posthorn.failed, unexpectedExit(embedded)]);
  } catch (error) {
    // A stop during the start is no failure.
    if (!stop.signal.aborted) throw error;
  } finally {
    await posthorn?.stop();
    await embedded?.stop();
  }
  say('Stopped.');
}

async function startOn(embedded: Embedded, config: Config, keys: Keys, stop: StopWish): Promise<Posthorn> {
  const databaseUrl = embedded.databaseUrl ?? config.databaseUrl;
  if (databaseUrl === undefined) throw new Error('there is no database');
  const logger = createLogger(config.logLevel);
  installRuntime(logger);
  const posthorn = await startPosthorn({
    ...config,
    parts: { api: true, worker: true },
    databaseUrl,
    temporalAddress: embedded.temporalAddress ?? config.temporalAddress,
    ...keys,
    allowedTargets: config.allowedTargets ?? LOOPBACK_TARGETS,
    workflowBundlePath,
    logger,
  });
  const url = posthorn.url ?? '';
  const { adminKey } = keys;
  try {
    const example = await ensureExample({ url, adminKey, dataDir: config.dataDir, say });
    if (!stop.signal.aborted) say(welcome(url, adminKey, example, embedded, config));
    // The receiver goes last: attempts in flight are finished first, also those to it.
    return { ...posthorn, stop: () => posthorn.stop().finally(() => example.stop()) };
  } catch (error) {
    await posthorn.stop();
    throw error;
  }
}

function welcome(
  url: string,
  adminKey: string,
  example: Example,
  embedded: Embedded,
  config: Config,
): string {
  const ui = embedded.temporalUiUrl;
  return [
    '',
    'Posthorn is ready.',
    '',
    `  API           ${url}`,
    ...(ui === undefined ? [] : [`  Temporal UI   ${ui}`]),
    `  Admin key     ${adminKey}`,
    `  Data          ${config.dataDir} (logs in ${join(config.dataDir, 'logs')})`,
    '',
    'Send an event to the example application, whose receiver runs here and checks the signature:',
    '',
    `  ${example.curl}`,
    '',
  ].join('\n');
}

/** Keys that this machine made for itself are no protection against others. */
function refuseOpenDoor(config: Config): void {
  const embedded = config.databaseUrl === undefined || config.temporalAddress === undefined;
  const keysGiven = config.adminKey !== undefined && config.encryptionKey !== undefined;
  if (embedded && !keysGiven && !LOOPBACK_HOST.test(config.host)) {
    throw new UserError(
      `HOST=${config.host} would open this API to other machines: set POSTHORN_ADMIN_KEY and ` +
        'POSTHORN_ENCRYPTION_KEY by hand first, or leave HOST at 127.0.0.1.',
    );
  }
}

async function unexpectedExit(embedded: Embedded): Promise<never> {
  const { name, code, signal, logTail } = await embedded.onUnexpectedExit;
  throw new UserError(`${name} ended by itself (${signal ?? `exit code ${code}`}).\n${logTail}`);
}

function say(message: string): void {
  process.stdout.write(`${message}\n`);
}
