import { setTimeout as sleep } from 'node:timers/promises';
import { Application } from '../application.js';
import { HANGS_MS } from '../receiver.js';
import { latencyOf, type Latency } from '../statistics.js';
import { submitAt } from './latency.js';
import { connectTo, allOf, PATIENCE_MS, type Setting } from './setting.js';

export interface NoisyNeighbour {
  /** Of healthy deliveries, at their rate, with nothing else. */
  readonly alone: Latency;
  /** The same beside as many of another application to an endpoint that answers: what the load alone does. */
  readonly besideHealthy: Latency;
  /** The same beside as many to an endpoint that hangs. */
  readonly beside: Latency;
  /** The same beside many such endpoints, which get an event every few seconds. */
  readonly besideMany: Latency & { readonly endpoints: number };
}

/** An event to each of the many, for so many healthy ones. */
const HEALTHY_FOR_ONE_TO_MANY = 100;
/** All of them in turns, because a machine does not stay as fast as it was. */
const TURNS = 3;
/** Until what hangs ends as fast as it begins, and what hung in the turn before has ended, late ones too. */
const LEAD_IN_MS = HANGS_MS + 1_000;

/** What is submitted within the beat of the nth healthy event. */
type Alongside = (n: number) => Promise<unknown> | null;

/**
 * What endpoints that hang do to the deliveries of another application; each one that is measured comes, or this
 * throws.
 * @param load.leadIn whether each turn begins with a time of the same load that is not measured
 */
export async function measureNoisyNeighbour(
  setting: Setting,
  load: {
    readonly events: number;
    readonly perSecond: number;
    readonly manyEndpoints: number;
    readonly leadIn: boolean;
  },
): Promise<NoisyNeighbour> {
  const { receiver } = setting;
  const { perSecond, manyEndpoints: endpoints } = load;
  const healthy = await Application.create(connectTo(setting), receiver, {});
  const another = await Application.create(connectTo(setting), receiver, {});
  // One attempt each: what is measured is not its retries.
  const hanging = { manner: 'hanging', schedule: [] } as const;
  const one = await Application.create(connectTo(setting), receiver, hanging);
  const many = await Application.create(connectTo(setting), receiver, { ...hanging, endpoints });
  const leadInEvents = load.leadIn ? Math.ceil((LEAD_IN_MS / 1_000) * perSecond) : 0;
  const eventsOfATurn = Math.ceil(load.events / TURNS);

  const alone: number[] = [];
  const besideHealthy: number[] = [];
  const beside: number[] = [];
  const besideMany: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    alone.push(...(await run(() => null)));
    besideHealthy.push(...(await run(() => another.submit(false))));
    beside.push(...(await run(() => one.submit(false))));
    besideMany.push(...(await run((n) => (n % HEALTHY_FOR_ONE_TO_MANY === 0 ? many.submit(false) : null))));
  }
  return {
    alone: latencyOf(alone),
    besideHealthy: latencyOf(besideHealthy),
    beside: latencyOf(beside),
    besideMany: { ...latencyOf(besideMany), endpoints },
  };

  async function run(alongside: Alongside): Promise<readonly number[]> {
    await receiver.begin({
      ...healthy.endpoints,
      ...another.endpoints,
      ...one.endpoints,
      ...many.endpoints,
    });
    // At a fixed moment of the beat, what hangs would begin or end always together with a healthy event, or never.
    const anyMoment = () => sleep((Math.random() * 1_000) / perSecond);
    const submit = (n: number) =>
      Promise.all([healthy.submit(n >= leadInEvents), anyMoment().then(() => alongside(n))]);
    await submitAt({ events: leadInEvents + eventsOfATurn, perSecond }, submit, setting.progress);
    const arrivals = await receiver.timed(eventsOfATurn, PATIENCE_MS);
    return allOf(eventsOfATurn, { ...arrivals, deliveries: arrivals.latenciesMs.length }).latenciesMs;
  }
}
