import type { ExitCode } from './exit-codes.js';

/** A command cannot do what it was asked to: a sentence for people, the exit code, and what to try next. */
export class CommandError extends Error {
  override name = 'CommandError';

  /** @param next a command or a setting that helps; null when there is none */
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly next: string | null = null,
  ) {
    super(message);
  }
}
