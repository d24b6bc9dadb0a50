import { CommanderError } from 'commander';
import { UserError } from '../../lib/user-error.js';
import { CommandError } from './command-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** What is said of an error on standard error, and what the command ends with. */
export interface Failure {
  readonly exitCode: ExitCode;
  /** Empty: it has been said. */
  readonly lines: readonly string[];
}

/** Judges what a command threw. */
export async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof CommanderError) {
    // Commander has printed its own text. Help and version end with 0.
    return { exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage, lines: [] };
  }
  if (error instanceof CommandError) {
    return { exitCode: error.exitCode, lines: [error.message, ...nextLines(error.next)] };
  }
  if (error instanceof UserError) return { exitCode: EXIT.unexpected, lines: [error.message] };
  // Loaded here alone: a command that calls no API has no use for the client.
  const { PathParameterError, PosthornProblem, PosthornUnreachable, StillPending } =
    await import('../../client/index.js');
  if (error instanceof PosthornProblem) return problemFailure(error);
  if (error instanceof PathParameterError) return { exitCode: EXIT.usage, lines: [error.message] };
  if (error instanceof PosthornUnreachable) {
    return {
      exitCode: EXIT.unreachable,
      lines: [`unreachable: ${error.message}`, ...nextLines('posthorn doctor')],
    };
  }
  if (error instanceof StillPending) {
    return {
      exitCode: EXIT.bad,
      lines: [error.message, ...nextLines(`posthorn why ${error.event.id}`)],
    };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT.unexpected, lines: [text] };
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
  readonly errors: readonly {
    readonly detail: string;
    readonly pointer?: string;
    readonly parameter?: string;
  }[];
  readonly body: { readonly detail: string } | null;
}

function problemFailure({ status, code, message, requestId, errors, body }: Problem): Failure {
  return {
    exitCode: exitCodeOf(status),
    lines: [
      body === null ? message : `${code}: ${body.detail}`,
      ...errors.map((error) => `  ${error.pointer ?? error.parameter ?? ''}: ${error.detail}`),
      ...(requestId === null ? [] : [`request_id: ${requestId}`]),
      ...nextLines(nextAfter(status)),
    ],
  };
}

/** The exit code for an answer that is not 2xx. */
export function exitCodeOf(status: number): ExitCode {
  switch (status) {
    case 401:
    case 403:
      return EXIT.key;
    case 404:
      return EXIT.notThere;
    case 400:
    case 409:
    case 413:
    case 415:
    case 422:
      return EXIT.refused;
    case 429:
    case 503:
      return EXIT.unreachable;
    default:
      return EXIT.unexpected;
  }
}

function nextAfter(status: number): string | null {
  switch (status) {
    case 401:
      return 'posthorn login, or set POSTHORN_API_KEY';
    case 403:
      return 'use a key with the scope that is missing, or the admin key';
    case 503:
      return 'posthorn doctor';
    default:
      return null;
  }
}

function nextLines(next: string | null): string[] {
  return next === null ? [] : [`→ ${next}`];
}
