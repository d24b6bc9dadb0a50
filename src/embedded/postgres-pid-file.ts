import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedError } from './errors.js';
import { processTable } from './process-table.js';

/**
 * Removes a `postmaster.pid` whose server is gone. PostgreSQL would do so itself unless its old pid has since been given
 * to another process of the same user, as happens in containers; then it refuses to start. Call it when our own servers
 * on this directory have been ended: a PostgreSQL that still has the pid was started by someone else, unless it bears
 * the mark of another Posthorn.
 */
export async function clearStalePidFile(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid');
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) return;
  const pid = Number.parseInt(content, 10);
  const command = (await processTable.commandLine(pid)) ?? '';
  if (/postgres|postmaster/.test(command) && !command.includes('cluster_name=posthorn-')) {
    throw new EmbeddedError(
      `A PostgreSQL that Posthorn did not start (process ${pid}) uses ${cluster}: stop it first.`,
    );
  }
  await rm(path, { force: true });
}
