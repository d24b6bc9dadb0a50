import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../lib/user-error.js';
import { processTable } from '../processes/table.js';

interface Named {
  readonly pid: number;
  /** The command of the process that has this pid now, which may be any other. Empty: no such process. */
  readonly command: string;
}

/** The pid of the PostgreSQL that a Posthorn started on this very directory and that still runs there, if there is one. */
export async function runningPostmaster(cluster: string): Promise<number | undefined> {
  const { pid, command } = (await named(cluster)) ?? { pid: NaN, command: '' };
  return isOurs(command) && command.includes(` -D ${cluster} `) ? pid : undefined;
}

/**
 * Removes a `postmaster.pid` whose server is gone. PostgreSQL would do so itself unless its old pid has since been given
 * to another process of the same user, as happens in containers; then it refuses to start. Call it when our own servers
 * on this directory have been ended: a PostgreSQL that still has the pid was started by someone else, unless it bears
 * the mark of another Posthorn.
 */
export async function clearStalePidFile(cluster: string): Promise<void> {
  const found = await named(cluster);
  if (found === undefined) return;
  const { pid, command } = found;
  if (/postgres|postmaster/.test(command) && !isOurs(command)) {
    throw new UserError(
      `A PostgreSQL that Posthorn did not start (process ${pid}) uses ${cluster}: stop it first.`,
    );
  }
  await rm(pidFile(cluster), { force: true });
}

async function named(cluster: string): Promise<Named | undefined> {
  const content = await readFile(pidFile(cluster), 'utf8').catch(() => undefined);
  if (content === undefined) return undefined;
  const pid = Number.parseInt(content, 10);
  return { pid, command: (await processTable.commandLine(pid)) ?? '' };
}

function isOurs(command: string): boolean {
  return command.includes('cluster_name=posthorn-');
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}
