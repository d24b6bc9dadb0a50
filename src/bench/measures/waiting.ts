import { setTimeout as sleep } from 'node:timers/promises';
import { Application } from '../application.js';
import { cpuOf, adminOf, allOf, PATIENCE_MS, type Setting } from './setting.js';
import { residentBytes } from '../memory.js';

export interface Waiting {
  readonly deliveries: number;
  /** More than before, of the process with API and workers, in bytes; null where it cannot be read. */
  readonly addedBytes: number | null;
  /** Its processor time while nothing but waiting goes on, in milliseconds a second. */
  readonly idleCpuMsPerSecond: number | null;
}

const A_DAY_SECONDS = 86_400;
const SETTLE_MS = 10_000;
const IDLE_MS = 5_000;

/** What deliveries that wait for their first retry cost. */
export async function measureWaiting(
  setting: Setting,
  load: { readonly deliveries: number; readonly concurrency: number },
): Promise<Waiting> {
  const { posthorn, receiver, progress } = setting;
  const { deliveries, concurrency } = load;
  const application = await Application.create(adminOf(setting), receiver, {
    manner: 'failing',
    schedule: [A_DAY_SECONDS],
  });
  const before = await residentBytes(posthorn.pid);
  await receiver.begin(application.endpoints);
  let submitted = 0;
  await application.submitMany(deliveries, concurrency, () => progress((submitted += 1), deliveries));
  allOf(deliveries, await receiver.arrivals(deliveries, PATIENCE_MS));
  // What the submissions themselves took is given back.
  await sleep(SETTLE_MS);
  const after = await residentBytes(posthorn.pid);
  const busyBefore = (await cpuOf(setting))?.posthorn;
  await sleep(IDLE_MS);
  const busyAfter = (await cpuOf(setting))?.posthorn;
  return {
    deliveries,
    addedBytes: before === null || after === null ? null : after - before,
    idleCpuMsPerSecond:
      busyBefore === undefined || busyAfter === undefined
        ? null
        : ((busyAfter - busyBefore) / IDLE_MS) * 1_000,
  };
}
