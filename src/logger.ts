import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

/** JSON lines on standard output; pretty ones when that is a terminal. */
export function createLogger(level: string): Logger {
  const options = {
    level,
    base: null,
    // Belt and braces: nothing that is logged holds these.
    redact: ['*.secret', '*.headers', '*.authorization', '*.adminKey', '*.encryptionKey'],
  };
  return process.stdout.isTTY
    ? pino(options, pretty({ colorize: true, translateTime: 'HH:MM:ss.l', ignore: 'pid,hostname' }))
    : pino(options);
}
