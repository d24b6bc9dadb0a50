import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../../lib/errors.js';
import { UserError } from '../../lib/user-error.js';
import type { Progress } from '../progress.js';
import type { StopSignals } from './child.js';
import { identify, isRunning, type ProcessIdentity } from './table.js';

/** A server of a data directory that an earlier process may have left behind. */
export interface Leftover {
  readonly name: string;
  readonly stopSignals: StopSignals;
  /** The pids of its processes, none if it does not run. */
  readonly pids: () => Promise<number[]>;
}

/**
 * An argument that every server of this data directory is started with, so that one whose parent was killed is
 * recognised. By device and inode: a path would name other directories in other containers.
 */
export async function serverMark(dataDir: string): Promise<string> {
  const { dev, ino } = await stat(dataDir);
  return `posthorn-${dev.toString(36)}-${ino.toString(36)}`;
}

/** Ends what an earlier process left behind, in the order given. Call it under the data directory's lock. */
export async function endLeftovers(leftovers: readonly Leftover[], progress: Progress): Promise<void> {
  for (const { name, stopSignals, pids } of leftovers) {
    const found = await Promise.all((await pids()).map(identify));
    for (const target of found) {
      if (target === undefined || !(await isRunning(target))) continue;
      progress(`Ending ${name} (process ${target.pid}), left behind by a Posthorn that was killed`);
      await end(target, name, stopSignals);
    }
  }
}

async function end(target: ProcessIdentity, name: string, stopSignals: StopSignals): Promise<void> {
  for (const { signal, waitMs } of stopSignals) {
    const deadline = Date.now() + waitMs;
    try {
      process.kill(target.pid, signal);
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') {
        throw new UserError(
          `${name} (process ${target.pid}) still runs and belongs to another user: end it.`,
        );
      }
    }
    while (Date.now() < deadline) {
      if (!(await isRunning(target))) return;
      await delay(25); // not our child, so there is no event to wait for
    }
  }
  throw new UserError(
    `${name} (process ${target.pid}), left behind by an earlier Posthorn, could not be ended: end it and start again.`,
  );
}
