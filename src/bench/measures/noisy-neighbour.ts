import { Application } from '../application.js';
import { latencyOf, type Latency } from '../statistics.js';
import { submitAt } from './latency.js';
import { adminOf, allOf, PATIENCE_MS, type Setting } from './setting.js';

export interface NoisyNeighbour {
  /** Of healthy deliveries, at their rate, with nothing else. */
  readonly alone: Latency;
  /** The same beside as many to an endpoint that hangs for ten seconds. */
  readonly beside: Latency;
}

/** What one endpoint that hangs does to the deliveries of another application. */
export async function measureNoisyNeighbour(
  setting: Setting,
  load: { readonly events: number; readonly perSecond: number },
): Promise<NoisyNeighbour> {
  const { receiver } = setting;
  const healthy = await Application.create(adminOf(setting), receiver, {});
  // One attempt each: what is measured is not its retries.
  const hanging = await Application.create(adminOf(setting), receiver, { manner: 'hanging', schedule: [] });
  return { alone: await run(() => Promise.resolve()), beside: await run(() => hanging.submit(false)) };

  async function run(alongside: () => Promise<unknown>): Promise<Latency> {
    await receiver.begin({ ...healthy.endpoints, ...hanging.endpoints });
    await submitAt(load, () => Promise.all([healthy.submit(), alongside()]), setting.progress);
    const { latenciesMs, ...arrivals } = await receiver.timed(load.events, PATIENCE_MS);
    allOf(load.events, { ...arrivals, latenciesMs, deliveries: latenciesMs.length });
    return latencyOf(latenciesMs);
  }
}
