import { slowShareOf } from '../dispatch/endpoint-shares.js';
import type { EmptyWorkflows } from './empty-workflows.js';
import { measureLatency } from './measures/latency.js';
import { measureNoisyNeighbour } from './measures/noisy-neighbour.js';
import type { Setting } from './measures/setting.js';
import { allTogether, measureThroughput, type Load, type Throughput } from './measures/throughput.js';
import { measureWaiting } from './measures/waiting.js';
import { CONCURRENT_ATTEMPTS } from './posthorn.js';
import { HANGS_MS } from './receiver.js';
import { machine, type AgainstCeiling, type Report } from './report.js';
import type { Servers } from './servers.js';
import { mean } from './statistics.js';

/** Does one measurement, and shows how far it is. */
export type Step = <T>(what: string, work: (progress: Setting['progress']) => Promise<T>) => Promise<T>;

export interface Run extends Pick<Setting, 'posthorn' | 'receiver'> {
  readonly servers: Servers;
  readonly empty: EmptyWorkflows;
  readonly step: Step;
  /** A hundredth of the load: to see that it works, not how fast. */
  readonly short: boolean;
  /** Deliveries that wait for a retry. */
  readonly waiting: number;
}

export const CONCURRENCY = 40;
/** Of single events, each between two looks at the ceiling: a machine does not stay as fast as it was. */
const SINGLE_TURNS = 4;
const FAN_OUT = 10;
const BATCH_SIZES = [100, 1_000] as const;
const BATCHES_AT_ONCE = 8;
/** Each without listeners and with them. */
const LISTENER_TURNS = 5;
const LISTENING_KEYS = 40;
const FEW_LISTENING_KEYS = 2;
const HANGING_ENDPOINTS = 200;
/** Events a second to one that hangs: fewer than it would be given at the same time. */
const MOST_TO_HANGING = (0.8 * slowShareOf(CONCURRENT_ATTEMPTS)) / (HANGS_MS / 1_000);

/** All of it, one after the other. */
export async function measureAll(run: Run): Promise<Report> {
  const { servers, receiver, posthorn, empty, step, short, waiting } = run;
  /** How much of a load is put on. */
  const of = (load: number) => Math.max(10, Math.round(load * (short ? 0.01 : 1)));
  const measureCeiling = () => step('Empty workflows', () => empty.measure(of(1_000)));
  const measureLoad = (what: string, load: Load) =>
    step(what, (progress) => measureThroughput({ posthorn, receiver, progress }, load));
  const singles = { events: of(500), endpoints: 1, concurrency: CONCURRENCY };
  // What has just started is slower.
  await measureCeiling();
  await measureLoad('Single events, not counted', { ...singles, events: of(1_500) });
  const idle = await step('Idle, from submission to arrival', (progress) =>
    measureLatency({ posthorn, receiver, progress }, { events: of(300), perSecond: 10 }),
  );
  const emptyWorkflows = [await measureCeiling()];
  const throughput = async (what: string, load: Load, turns = 1): Promise<AgainstCeiling> => {
    const measured: AgainstCeiling[] = [];
    while (measured.length < turns) {
      const turn = await measureLoad(what, load);
      emptyWorkflows.push(await measureCeiling());
      const ceiling = mean(emptyWorkflows.slice(-2).map(({ perSecond }) => perSecond));
      measured.push({ ...turn, ratio: turn.deliveriesPerSecond / ceiling });
    }
    return { ...allTogether(measured), ratio: mean(measured.map(({ ratio }) => ratio)) };
  };
  const single = await throughput('Single events', singles, SINGLE_TURNS);
  const eventsPerSecond = single.deliveriesPerSecond / 2;
  const halfLoad = await step('At half of that, from submission to arrival', (progress) =>
    measureLatency({ posthorn, receiver, progress }, { events: of(1_000), perSecond: eventsPerSecond }),
  );
  const fanOut = await throughput(`Fan-out to ${FAN_OUT} endpoints`, {
    events: of(1_000),
    endpoints: FAN_OUT,
    concurrency: CONCURRENCY,
  });
  const inBatches = (together: number): Load => ({
    events: Math.max(together, of(20_000)),
    endpoints: 1,
    concurrency: BATCHES_AT_ONCE,
    together,
  });
  const measureBatches = async (together: number, what = `Batches of ${together}`) => ({
    ...(await throughput(what, inBatches(together))),
    together,
  });
  const batches: Report['batches'][number][] = [];
  for (const together of BATCH_SIZES) batches.push(await measureBatches(together));
  const added = await step('A second process with a worker', () => posthorn.addWorker());
  // What has just started is slower.
  await measureLoad('The same with two workers, not counted', inBatches(BATCH_SIZES[0]));
  const twoWorkers = await measureBatches(BATCH_SIZES[0], 'The same with two workers');
  await added.stop();
  const listenedTo = await measureListenedTo();
  // With as many to an endpoint that hangs, which cost twice as much, half of what such a mixture takes.
  const neighbourRate = Math.min(single.deliveriesPerSecond / 6, MOST_TO_HANGING);
  const noisyNeighbour = await step('Neighbours that hang', (progress) =>
    measureNoisyNeighbour(
      { posthorn, receiver, progress },
      {
        events: of(1_000),
        perSecond: neighbourRate,
        manyEndpoints: of(HANGING_ENDPOINTS),
        leadIn: !short,
      },
    ),
  );
  const waitingDeliveries = await step('Waiting for retries', (progress) =>
    measureWaiting(
      { posthorn, receiver, progress },
      { deliveries: of(waiting), concurrency: CONCURRENCY, restMs: short ? 1_000 : 120_000 },
    ),
  );
  return {
    at: new Date().toISOString(),
    machine: machine(),
    servers: servers.description,
    emptyWorkflows,
    single,
    fanOut: { ...fanOut, endpoints: FAN_OUT },
    idle,
    halfLoad: { ...halfLoad, eventsPerSecond },
    batches,
    twoWorkers,
    listenedTo,
    noisyNeighbour: { ...noisyNeighbour, eventsPerSecond: neighbourRate },
    waiting: waitingDeliveries,
  };

  /** The largest batches, without listeners and with them in turn. */
  async function measureListenedTo(): Promise<Report['listenedTo']> {
    const together = BATCH_SIZES[1];
    const keys = short ? FEW_LISTENING_KEYS : LISTENING_KEYS;
    const load = { ...inBatches(together), events: Math.max(together, of(10_000)) };
    const alone: Throughput[] = [];
    const heard: Throughput[] = [];
    const shares: number[] = [];
    for (let turn = 0; turn < (short ? 1 : LISTENER_TURNS); turn += 1) {
      const without = await measureLoad(`Batches of ${together}, nobody listens`, load);
      const listening = { ...load, listeningKeys: keys };
      const beside = await measureLoad('The same, with listeners to its stream', listening);
      alone.push(without);
      heard.push(beside);
      shares.push(beside.deliveriesPerSecond / without.deliveriesPerSecond);
    }
    return { keys, alone: allTogether(alone), heard: allTogether(heard), shares };
  }
}
