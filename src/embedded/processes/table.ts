import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process for certain: a pid alone may have been given to another process since. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; compare for equality. */
  readonly startedAt: string;
}

export interface ProcessTable {
  /** When the process with this pid started, or undefined if there is none or it is only a zombie. */
  startedAt(pid: number): Promise<string | undefined>;
  /** Its command and arguments, joined by blanks. */
  commandLine(pid: number): Promise<string | undefined>;
  /** The pids of all processes that were started with `argument` as one of their arguments. */
  startedWith(argument: string): Promise<number[]>;
}

/** Linux. */
export const procTable: ProcessTable = {
  async startedAt(pid) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // See proc(5). The second field, the name in parentheses, may contain anything, so count from behind it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [state, ticksSinceBoot] = [fields[0], fields[19]];
      if (ticksSinceBoot === undefined || state === 'Z' || state === 'X') return undefined;
      const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
      return `${boot}:${ticksSinceBoot}`;
    } catch {
      return undefined;
    }
  },
  async commandLine(pid) {
    return (await procArguments(pid))?.join(' ');
  },
  async startedWith(argument) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const found = await Promise.all(pids.map(async (pid) => (await procArguments(pid))?.includes(argument)));
    return pids.filter((_, index) => found[index]);
  },
};

/** macOS and others. */
export const psTable: ProcessTable = {
  async startedAt(pid) {
    const line = (await ps(['-o', 'stat=,lstart=', '-p', String(pid)])).trim();
    const [state = '', ...start] = line.split(/\s+/);
    return start.length === 0 || state.startsWith('Z') ? undefined : start.join(' ');
  },
  async commandLine(pid) {
    return (await ps(['-ww', '-o', 'command=', '-p', String(pid)])).trim() || undefined;
  },
  async startedWith(argument) {
    return (await ps(['-axww', '-o', 'pid=,command=']))
      .split('\n')
      .filter((line) => ` ${line} `.includes(` ${argument} `))
      .map((line) => Number.parseInt(line, 10));
  },
};

export const processTable: ProcessTable = existsSync('/proc/self/stat') ? procTable : psTable;

export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = await processTable.startedAt(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export async function isRunning(process: ProcessIdentity): Promise<boolean> {
  return (await processTable.startedAt(process.pid)) === process.startedAt;
}

async function procArguments(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text === '' ? undefined : text.split('\0');
}

async function ps(args: string[]): Promise<string> {
  try {
    // `lstart` is written in the local time zone and language.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    return (await promisify(execFile)('ps', args, { env, maxBuffer: 64 << 20 })).stdout;
  } catch {
    return ''; // ps fails when no process matches
  }
}
