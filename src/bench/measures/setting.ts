import { ApiClient } from '../../client/api-client.js';
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

export function adminOf({ posthorn }: Setting): ApiClient {
  return new ApiClient(posthorn.url, posthorn.adminKey);
}

/** @throws Error when not every delivery has come, valid, once: then nothing has been measured */
export function allOf(wanted: number, arrivals: Arrivals): Arrivals {
  const { deliveries, repeated, invalid } = arrivals;
  if (deliveries === wanted && repeated === 0 && invalid === 0) return arrivals;
  throw new Error(
    `of ${wanted} deliveries ${deliveries} came, ${repeated} more than once, ${invalid} not verified`,
  );
}

/** So far, by process; null where it cannot be read. */
export function cpuOf({ posthorn, receiver }: Setting): Promise<CpuTimes | null> {
  return cpuTimes(
    new Map([
      [posthorn.pid, 'posthorn'],
      [receiver.pid, 'receiver'],
    ]),
  );
}
