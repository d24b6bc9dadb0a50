import { Application } from '../application.js';
import { latencyOf, type Latency } from '../statistics.js';
import { submitAt } from './latency.js';
import { adminOf, allOf, PATIENCE_MS, type Setting } from './setting.js';

export interface NoisyNeighbour {
  /** Of healthy deliveries, at their rate, with nothing else. */
  readonly alone: Latency;
  /** The same beside as many to an endpoint that hangs for ten seconds. */
  readonly beside: Latency;
  /** The same beside many such endpoints, which get an event every few seconds. */
  readonly besideMany: Latency & { readonly endpoints: number };
}

/** An event to each of the many, for so many healthy ones. */
const HEALTHY_FOR_ONE_TO_MANY = 100;

/** What endpoints that hang do to the deliveries of another application; each of those comes, or this throws. */
export async function measureNoisyNeighbour(
  setting: Setting,
  load: { readonly events: number; readonly perSecond: number; readonly manyEndpoints: number },
): Promise<NoisyNeighbour> {
  const { receiver } = setting;
  const { manyEndpoints: endpoints } = load;
  const healthy = await Application.create(adminOf(setting), receiver, {});
  // One attempt each: what is measured is not its retries.
  const hanging = { manner: 'hanging', schedule: [] } as const;
  const one = await Application.create(adminOf(setting), receiver, hanging);
  const many = await Application.create(adminOf(setting), receiver, { ...hanging, endpoints });
  return {
    alone: await run(() => null),
    beside: await run(() => one.submit(false)),
    besideMany: {
      ...(await run((n) => (n % HEALTHY_FOR_ONE_TO_MANY === 0 ? many.submit(false) : null))),
      endpoints,
    },
  };

  async function run(alongside: (n: number) => Promise<unknown> | null): Promise<Latency> {
    await receiver.begin({ ...healthy.endpoints, ...one.endpoints, ...many.endpoints });
    // In turn: what is submitted at the same moment would be measured for that.
    const both = { events: 2 * load.events, perSecond: 2 * load.perSecond };
    const submit = async (n: number) => (n % 2 === 0 ? healthy.submit() : alongside((n - 1) / 2));
    await submitAt(both, submit, setting.progress);
    const { latenciesMs, ...arrivals } = await receiver.timed(load.events, PATIENCE_MS);
    allOf(load.events, { ...arrivals, latenciesMs, deliveries: latenciesMs.length });
    return latencyOf(latenciesMs);
  }
}
