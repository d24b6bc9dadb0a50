import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError, errorCode } from './errors.js';
import { replaceFile } from './files.js';
import { identify, isRunning, processTable, type ProcessIdentity } from './process-table.js';
import type { Progress } from './progress.js';

/** Signals sent one after the other until the process is gone, each with the time it gets. */
export type StopSignals = readonly { signal: NodeJS.Signals; waitMs: number }[];

interface Recorded extends ProcessIdentity {
  readonly name: string;
}

interface Content {
  readonly parent: ProcessIdentity;
  readonly children: Recorded[];
}

/**
 * An argument that every server of this data directory is started with, so that one whose parent was killed before it
 * could record it is still recognised. By device and inode: a path would name other directories in other containers.
 */
export async function serverMark(dataDir: string): Promise<string> {
  const { dev, ino } = await stat(dataDir);
  return `posthorn-${dev.toString(36)}-${ino.toString(36)}`;
}

/** `processes.json` in the data directory: the servers that run, for the next start in case this process is killed. */
export class ProcessRecord {
  private children: Recorded[] = [];
  private written = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly parent: ProcessIdentity,
  ) {}

  static async open(dataDir: string): Promise<ProcessRecord> {
    const parent = await identify(process.pid);
    if (parent === undefined) throw new Error('cannot tell when this process started');
    return new ProcessRecord(recordPath(dataDir), parent);
  }

  async add(name: string, pid: number): Promise<void> {
    const identity = await identify(pid);
    if (identity === undefined) return; // ended already
    this.children.push({ name, ...identity });
    await this.write();
  }

  async remove(pid: number): Promise<void> {
    this.children = this.children.filter((child) => child.pid !== pid);
    await this.write();
  }

  private write(): Promise<void> {
    const previous = this.written.catch(() => undefined); // one at a time
    this.written = previous.then(() => {
      const content: Content = { parent: this.parent, children: this.children };
      return this.children.length === 0
        ? rm(this.path, { force: true })
        : replaceFile(this.path, `${JSON.stringify(content, null, 2)}\n`);
    });
    return this.written;
  }
}

/**
 * Ends the servers that an earlier process on this data directory left behind, the one that others depend on last.
 * `stopSignals` says how, by the servers' names; `marks` are the arguments by which unrecorded ones are found.
 * Whatever merely has a recorded pid, but started at another time, is left alone.
 */
export async function endLeftovers(options: {
  dataDir: string;
  servers: readonly { name: string; markArgument: string; stopSignals: StopSignals }[];
  progress: Progress;
}): Promise<void> {
  const { dataDir, servers, progress } = options;
  const record = await read(dataDir);
  if (record !== undefined && record.parent.pid !== process.pid && (await isRunning(record.parent))) {
    throw alreadyRunning(record.parent.pid, dataDir);
  }
  for (const { name, markArgument, stopSignals } of servers) {
    const recorded = record?.children.filter((child) => child.name === name) ?? [];
    const marked = await Promise.all((await processTable.startedWith(markArgument)).map(identify));
    const found = [...recorded, ...marked.filter((process) => process !== undefined)];
    for (const process of new Map(found.map((process) => [process.pid, process])).values()) {
      if (!(await isRunning(process))) continue;
      progress(`Ending ${name} (process ${process.pid}), left behind by a Posthorn that was killed`);
      await end(process, name, stopSignals);
    }
  }
  await rm(recordPath(dataDir), { force: true });
}

export function alreadyRunning(pid: number, dataDir: string): EmbeddedError {
  return new EmbeddedError(
    `Posthorn (process ${pid}) is already running on ${dataDir}: stop it, or set POSTHORN_DATA_DIR and other ports to run a second one.`,
  );
}

async function end(target: ProcessIdentity, name: string, stopSignals: StopSignals): Promise<void> {
  for (const { signal, waitMs } of stopSignals) {
    const deadline = Date.now() + waitMs;
    try {
      process.kill(target.pid, signal);
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') {
        throw new EmbeddedError(
          `${name} (process ${target.pid}) still runs and belongs to another user: end it.`,
        );
      }
    }
    while (Date.now() < deadline) {
      if (!(await isRunning(target))) return;
      await delay(25); // not our child, so there is no event to wait for
    }
  }
  throw new EmbeddedError(
    `${name} (process ${target.pid}), left behind by an earlier Posthorn, cannot be ended.`,
  );
}

async function read(dataDir: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(recordPath(dataDir), 'utf8')) as Content;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function recordPath(dataDir: string): string {
  return join(dataDir, 'processes.json');
}
