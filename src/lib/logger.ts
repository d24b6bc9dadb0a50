import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';

/** JSON lines on standard output; pretty ones when that is a terminal. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = { level, base: null, serializers: { err: errorFields } };
  if (destination) return pino(options, destination);
  return process.stdout.isTTY
    ? pino(options, pretty({ colorize: true, singleLine: true, translateTime: 'HH:MM:ss.l' }))
    : pino(options);
}

/**
 * What is logged of an error: never what hangs on it, which for a database error is the whole connection, and for
 * others may be a request with its headers.
 */
function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error instanceof AggregateError ? { errors: error.errors.map(errorFields) } : {}),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}
