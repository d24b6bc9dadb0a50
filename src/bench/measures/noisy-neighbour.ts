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
/** Alone and beside one in turns, because a machine does not stay as fast as it was. */
const TURNS = 3;

/** What is submitted with the nth healthy event, half a beat after it. */
type Alongside = (n: number) => Promise<unknown> | null;

/**
 * What endpoints that hang do to the deliveries of another application; each of those comes, or this throws.
 * @param load.leadInMs before each turn so much of the same, unmeasured: until what hangs comes to its end at the rate
 *   at which it begins, or what hung in the turn before is over
 */
export async function measureNoisyNeighbour(
  setting: Setting,
  load: {
    readonly events: number;
    readonly perSecond: number;
    readonly manyEndpoints: number;
    readonly leadInMs: number;
  },
): Promise<NoisyNeighbour> {
  const { receiver } = setting;
  const { perSecond, manyEndpoints: endpoints } = load;
  const healthy = await Application.create(adminOf(setting), receiver, {});
  // One attempt each: what is measured is not its retries.
  const hanging = { manner: 'hanging', schedule: [] } as const;
  const one = await Application.create(adminOf(setting), receiver, hanging);
  const many = await Application.create(adminOf(setting), receiver, { ...hanging, endpoints });
  const leadIn = Math.ceil((load.leadInMs / 1_000) * perSecond);
  const ofATurn = Math.ceil(load.events / TURNS);

  const alone: number[] = [];
  const beside: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    alone.push(...(await run(ofATurn, () => null)));
    beside.push(...(await run(ofATurn, () => one.submit(false))));
  }
  const toMany = (n: number) => (n % HEALTHY_FOR_ONE_TO_MANY === 0 ? many.submit(false) : null);
  const besideMany = await run(load.events, toMany);
  return {
    alone: latencyOf(alone),
    beside: latencyOf(beside),
    besideMany: { ...latencyOf(besideMany), endpoints },
  };

  async function run(events: number, alongside: Alongside): Promise<readonly number[]> {
    await receiver.begin({ ...healthy.endpoints, ...one.endpoints, ...many.endpoints });
    // In turn: what is submitted at the same moment would be measured for that.
    const both = { events: 2 * (leadIn + events), perSecond: 2 * perSecond };
    const submit = async (n: number) =>
      n % 2 === 0 ? healthy.submit(n >= 2 * leadIn) : alongside((n - 1) / 2);
    await submitAt(both, submit, setting.progress);
    const { latenciesMs, ...arrivals } = await receiver.timed(events, PATIENCE_MS);
    allOf(events, { ...arrivals, latenciesMs, deliveries: latenciesMs.length });
    return latenciesMs;
  }
}
