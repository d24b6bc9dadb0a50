import { Application } from '../application.js';
import { now } from '../clock.js';
import { meanTimes, perUnit, type CpuTimes } from '../cpu.js';
import type { Arrivals } from '../receiver.js';
import { Listeners } from '../listeners.js';
import { mean } from '../statistics.js';
import { connectTo, allOf, cpuOf, PATIENCE_MS, type Setting } from './setting.js';

export interface Throughput {
  readonly deliveriesPerSecond: number;
  readonly deliveries: number;
  /** Processor time of a delivery, in milliseconds, by process; null where it cannot be read. */
  readonly cpuMsPerDelivery: CpuTimes | null;
}

export interface Load {
  readonly events: number;
  readonly endpoints: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Events of one request. */
  readonly together?: number;
  /** Keys whose streams are listened to meanwhile. */
  readonly listeningKeys?: number;
}

/** Submits events as fast as the API takes them, so many requests at a time, and waits for every delivery. */
export async function measureThroughput(setting: Setting, load: Load): Promise<Throughput> {
  const { listeningKeys = 0 } = load;
  const { posthorn, receiver } = setting;
  const application = await Application.create(connectTo(setting), receiver, { endpoints: load.endpoints });
  if (listeningKeys === 0) return measureOf(setting, application, load);
  const listeners = await Listeners.start(await application.openableStreams(posthorn.url, listeningKeys));
  const measured = await measureOf(setting, application, load, listeners.pid);
  await listeners.stop();
  return measured;
}

/** @param listeners the process that listens to its streams */
async function measureOf(
  setting: Setting,
  application: Application,
  load: Load,
  listeners?: number,
): Promise<Throughput> {
  const { receiver, progress } = setting;
  const { events, endpoints, concurrency, together = 1 } = load;
  // Endpoints earn the fast path, and everything is warm.
  await round(Math.max(10, together, Math.ceil(events / 10 / together) * together), () => undefined);
  const before = await cpuOf(setting, listeners);
  const startedAt = now();
  let submitted = 0;
  const arrivals = await round(events, () => progress((submitted += together), events));
  const after = await cpuOf(setting, listeners);
  const deliveries = events * endpoints;
  return {
    deliveriesPerSecond: (deliveries / ((arrivals.lastAt ?? Number.NaN) - startedAt)) * 1_000,
    deliveries,
    cpuMsPerDelivery: before && after && perUnit(before, after, deliveries),
  };

  async function round(count: number, onEach: () => void): Promise<Arrivals> {
    await receiver.begin(application.endpoints);
    await application.submitMany(count, concurrency, onEach, together);
    return allOf(count * endpoints, await receiver.arrivals(count * endpoints, PATIENCE_MS));
  }
}

/** Of turns under the same load, one figure. */
export function allTogether(turns: readonly Throughput[]): Throughput {
  return {
    deliveries: turns.reduce((sum, { deliveries }) => sum + deliveries, 0),
    deliveriesPerSecond: 1 / mean(turns.map(({ deliveriesPerSecond }) => 1 / deliveriesPerSecond)),
    cpuMsPerDelivery: meanTimes(turns.map(({ cpuMsPerDelivery }) => cpuMsPerDelivery)),
  };
}
