import { readdir, readFile } from 'node:fs/promises';
import { mean } from './statistics.js';

/** Processor time by kind of process, in milliseconds. */
export type CpuTimes = Readonly<Record<string, number>>;

/** Of a tick in /proc: 100 a second on every Linux that there is. */
const TICK_MS = 10;

/**
 * The processor time that the descendants of this process have taken so far, by what they are; null where there is
 * no /proc.
 * @param known processes by what they are; others are by the name of their command
 */
export async function cpuTimes(known: ReadonlyMap<number, string>): Promise<CpuTimes | null> {
  if (process.platform !== 'linux') return null;
  const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readStat));
  const processes = new Map(all.flatMap((each) => (each ? [[each.pid, each] as const] : [])));
  const times: Record<string, number> = {};
  for (const each of processes.values()) {
    if (!isDescendant(each.parent, processes)) continue;
    const kind = known.get(each.pid) ?? each.command;
    times[kind] = (times[kind] ?? 0) + each.cpuMs;
  }
  return times;
}

/** What each of so many took on average between two looks, in milliseconds. */
export function perUnit(before: CpuTimes, after: CpuTimes, units: number): CpuTimes {
  return Object.fromEntries(
    Object.entries(after).map(([kind, ms]) => [kind, (ms - (before[kind] ?? 0)) / units]),
  );
}

/** The mean of several; null where they cannot be read. */
export function meanTimes(all: readonly (CpuTimes | null)[]): CpuTimes | null {
  const times = all.filter((each) => each !== null);
  if (times.length === 0) return null;
  const kinds = new Set(times.flatMap((each) => Object.keys(each)));
  return Object.fromEntries([...kinds].map((kind) => [kind, mean(times.map((each) => each[kind] ?? 0))]));
}

interface ProcessStat {
  readonly pid: number;
  readonly command: string;
  readonly parent: number;
  readonly cpuMs: number;
}

/** See proc(5); null for a process that has ended. */
async function readStat(pid: string): Promise<ProcessStat | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    // Its own, and that of its children which have ended: PostgreSQL's connections are such.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return {
      pid: Number(pid),
      command: stat.slice(stat.indexOf('(') + 1, end),
      parent: Number(fields[1]),
      cpuMs: ticks * TICK_MS,
    };
  } catch {
    return null;
  }
}

function isDescendant(parent: number, processes: ReadonlyMap<number, ProcessStat>): boolean {
  for (let pid = parent; pid > 1; pid = processes.get(pid)?.parent ?? 0) if (pid === process.pid) return true;
  return false;
}
