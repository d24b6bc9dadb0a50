import { Runtime } from '@temporalio/worker';
import type { LogLevel, LogMetadata } from '@temporalio/common';
import type { Logger } from 'pino';

/** Prepares the SDK for this process, once, before the first connection: its log lines become ours. */
export function installRuntime(logger: Logger): void {
  const sdk = logger.child({ component: 'temporal-sdk' });
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}) => {
    const { error, ...rest } = meta;
    // The delivery queue's worker has no workflows, on purpose.
    const known = message.startsWith('No workflows registered');
    sdk[known ? 'debug' : LEVELS[level]](error === undefined ? rest : { ...rest, err: error }, message);
  };
  Runtime.install({
    // The process decides in which order it stops.
    shutdownSignals: [],
    logger: {
      log: write,
      trace: (message, meta) => write('TRACE', message, meta),
      debug: (message, meta) => write('DEBUG', message, meta),
      info: (message, meta) => write('INFO', message, meta),
      warn: (message, meta) => write('WARN', message, meta),
      error: (message, meta) => write('ERROR', message, meta),
    },
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  });
}

/** One step quieter than the SDK's own: its everyday business is not the operator's. */
const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'trace',
  INFO: 'debug',
  WARN: 'warn',
  ERROR: 'error',
} as const;
