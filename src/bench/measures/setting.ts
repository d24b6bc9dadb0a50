import { createPosthorn } from '../../client/index.js';
import { directFetch } from '../../lib/direct-fetch.js';
import type { Connect } from '../application.js';
import { cpuTimes, type CpuTimes } from '../cpu.js';
import type { MeasuredPosthorn } from '../posthorn.js';
import type { Arrivals, Receiver } from '../receiver.js';

/** What a measurement works with. */
export interface Setting {
  readonly posthorn: MeasuredPosthorn;
  readonly receiver: Receiver;
  /** Told how much of a measurement is done. */
  readonly progress: (done: number, of: number) => void;
}

/** What comes at all comes much sooner, also on a slow machine. */
export const PATIENCE_MS = 300_000;

/** What is refused or gets no answer fails the measurement: nothing is tried again, nor given up early. */
export function connectTo({ posthorn }: Setting): Connect {
  const { url, adminKey } = posthorn;
  return (key = adminKey) =>
    createPosthorn({ url, key, fetch: directFetch, retries: 0, timeoutMs: PATIENCE_MS });
}

/** @throws Error when not every delivery has come, valid, once: then nothing has been measured */
export function allOf(wanted: number, arrivals: Arrivals): Arrivals {
  const { deliveries, repeated, invalid } = arrivals;
  if (deliveries === wanted && repeated === 0 && invalid === 0) return arrivals;
  throw new Error(
    `of ${wanted} deliveries ${deliveries} came, ${repeated} more than once, ${invalid} not verified`,
  );
}

/**
 * So far, by process; null where it cannot be read.
 * @param listeners the process that listens to streams, if there is one
 */
export function cpuOf({ posthorn, receiver }: Setting, listeners = 0): Promise<CpuTimes | null> {
  return cpuTimes(
    new Map([
      [posthorn.pid, 'posthorn'],
      [receiver.pid, 'receiver'],
      [listeners, 'listeners'],
    ]),
  );
}
