import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../lib/user-error.js';
import { createFile, readIfThere } from '../files.js';
import { identify, isRunning, type ProcessIdentity } from './table.js';

interface Holder extends ProcessIdentity {
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/** Gives the lock back. */
export type Release = () => Promise<void>;

/** Takes the lock file, or returns the pid of the living process that holds it. One whose holder died is taken over. */
export async function tryLock(path: string): Promise<Release | { heldBy: number }> {
  for (;;) {
    const result = await attempt(path);
    if (typeof result === 'function') return result;
    if (result === undefined) continue;
    if (await isRunning(result)) return { heldBy: result.pid };
    await removeDead(path, result);
  }
}

/** Takes the lock file, waiting for as long as a living process holds it. */
export async function lock(
  path: string,
  options: { onWait: (pid: number) => void; signal?: AbortSignal | undefined },
): Promise<Release> {
  for (let waiting = false; ; waiting = true) {
    options.signal?.throwIfAborted();
    const result = await tryLock(path);
    if (typeof result === 'function') return result;
    if (!waiting) options.onWait(result.heldBy);
    await delay(200);
  }
}

/** The lock, or who holds it; undefined if it has just been given back. */
async function attempt(path: string): Promise<Release | Holder | undefined> {
  const identity = await identify(process.pid);
  if (identity === undefined) throw new Error('cannot tell when this process started');
  const mine: Holder = { ...identity, token: randomUUID() };
  if (await createFile(path, JSON.stringify(mine))) return () => remove(path, mine);
  return read(path);
}

/**
 * Removes a dead holder's lock under a second lock, after reading it again. Without that two newcomers could both find it
 * dead, and the slower would remove the lock that the faster has just made.
 */
async function removeDead(path: string, dead: Holder): Promise<void> {
  const guard = `${path}.takeover`;
  for (;;) {
    const result = await attempt(guard);
    if (typeof result === 'function') {
      await remove(path, dead).finally(result);
      return;
    }
    // The guard is held for a moment only. One left behind is by someone who was killed in just that moment.
    if (result !== undefined && !(await isRunning(result))) await remove(guard, result);
    else await delay(20);
  }
}

async function remove(path: string, holder: Holder): Promise<void> {
  if ((await read(path))?.token === holder.token) await rm(path, { force: true });
}

async function read(path: string): Promise<Holder | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    throw new UserError(`The lock file ${path} is damaged: delete it if no Posthorn is running there.`);
  }
}
