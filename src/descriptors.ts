import { readFileSync } from 'node:fs';
import { MOST_WAITING } from './delivery/connections.js';
import { UserError } from './lib/user-error.js';

/** File descriptors for everything but connections to callers, receivers and PostgreSQL: libraries, threads, files, Temporal. */
const RUNTIME = 150;
/** The minimum for callers and receivers together. */
const LEAST_REST = 64;
/** The limit where the system does not tell. POSIX promises 20; every system that Node runs on has this many. */
const ASSUMED = 256;
/** Maximum concurrent first attempts: more would only wait for each other, and look slow. */
const FIRST_ATTEMPTS = 200;
/** More concurrent callers would fill the memory. */
const MOST_CALLERS = 10_000;

/** How many connections each may have, so that the process never runs out of file descriptors. */
export interface DescriptorShares {
  /** To the API. */
  readonly callers: number;
  /** Attempts that wait for their answers, apart from first attempts. */
  readonly attempts: number;
  readonly firstAttempts: number;
  /** To receivers, kept for the next attempt. */
  readonly kept: number;
}

/** How many files this process may have open, connections included. Node has raised it as far as it may. */
export function descriptorLimit(): number {
  try {
    const soft = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === 'unlimited' ? Infinity : Number(soft ?? ASSUMED);
  } catch {
    const { userLimits } = process.report.getReport() as {
      userLimits?: { open_files?: { soft?: number | 'unlimited' } };
    };
    const soft = userLimits?.open_files?.soft ?? ASSUMED;
    return soft === 'unlimited' ? Infinity : soft;
  }
}

/**
 * Divides the file descriptors: PostgreSQL and the process itself get what they need, then half of the rest is for
 * callers and half for receivers.
 * @param limit of open files
 * @param wanted what was asked for: never more than that
 * @throws UserError when the limit is too low for anything
 */
export function shareDescriptors(
  limit: number,
  wanted: { readonly databaseConnections: number; readonly concurrentAttempts: number },
): DescriptorShares {
  const needed = RUNTIME + wanted.databaseConnections;
  const rest = limit - needed;
  if (rest < LEAST_REST) {
    throw new UserError(
      `This process may open ${limit} files and connections, but needs ${needed + LEAST_REST}: raise the limit ` +
        '(`ulimit -n`), or lower POSTHORN_DATABASE_CONNECTIONS.',
    );
  }
  const half = Math.floor(rest / 2);
  const upTo = (part: number, most: number) => Math.max(1, Math.min(most, Math.floor(half * part)));
  return {
    callers: Math.min(half, MOST_CALLERS),
    attempts: upTo(1 / 2, wanted.concurrentAttempts),
    firstAttempts: upTo(1 / 4, FIRST_ATTEMPTS),
    kept: upTo(1 / 4, MOST_WAITING),
  };
}
