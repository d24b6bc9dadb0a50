import { setTimeout as sleep } from 'node:timers/promises';
import { Application } from '../application.js';
import { cpuOf, connectTo, allOf, PATIENCE_MS, type Setting } from './setting.js';
import { residentBytes } from '../memory.js';

export interface Waiting {
  readonly deliveries: number;
  /** What they added to the memory of the process with API and workers; null where it cannot be read. */
  readonly addedBytes: number | null;
  /** Its processor time while nothing but waiting goes on, in milliseconds a second. */
  readonly idleCpuMsPerSecond: number | null;
}

const A_DAY_SECONDS = 86_400;
/** Of an event: what waits is a delivery, and events need not be as many. */
const ENDPOINTS = 10;
const IDLE_MS = 5_000;

/**
 * What deliveries that wait for their first retry cost.
 * @param load.restMs before each look at the memory: V8 gives back what is no longer used when nothing has been done for
 *   45 seconds, or 100
 */
export async function measureWaiting(
  setting: Setting,
  load: { readonly deliveries: number; readonly concurrency: number; readonly restMs: number },
): Promise<Waiting> {
  const { posthorn, receiver, progress } = setting;
  const { deliveries, concurrency, restMs } = load;
  const application = await Application.create(connectTo(setting), receiver, {
    endpoints: ENDPOINTS,
    manner: 'failing',
    schedule: [A_DAY_SECONDS],
  });
  const events = Math.ceil(deliveries / ENDPOINTS);
  await sleep(restMs);
  const before = await residentBytes(posthorn.pid);
  await receiver.begin(application.endpoints);
  let submitted = 0;
  await application.submitMany(events, concurrency, () => progress((submitted += 1), events));
  allOf(events * ENDPOINTS, await receiver.arrivals(events * ENDPOINTS, PATIENCE_MS));
  await sleep(restMs);
  const after = await residentBytes(posthorn.pid);
  const busyBefore = (await cpuOf(setting))?.posthorn;
  await sleep(IDLE_MS);
  const busyAfter = (await cpuOf(setting))?.posthorn;
  return {
    deliveries: events * ENDPOINTS,
    addedBytes: before === null || after === null ? null : after - before,
    idleCpuMsPerSecond:
      busyBefore === undefined || busyAfter === undefined
        ? null
        : ((busyAfter - busyBefore) / IDLE_MS) * 1_000,
  };
}
