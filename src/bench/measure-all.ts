import { measureEmptyWorkflows } from './empty-workflows.js';
import { measureLatency } from './measures/latency.js';
import { measureNoisyNeighbour } from './measures/noisy-neighbour.js';
import type { Setting } from './measures/setting.js';
import { measureThroughput, type Load } from './measures/throughput.js';
import { measureWaiting } from './measures/waiting.js';
import { HANGS_MS } from './receiver.js';
import { machine, type AgainstCeiling, type Report } from './report.js';
import type { Servers } from './servers.js';

/** Does one measurement, and shows how far it is. */
export type Step = <T>(what: string, work: (progress: Setting['progress']) => Promise<T>) => Promise<T>;

export interface Run extends Pick<Setting, 'posthorn' | 'receiver'> {
  readonly servers: Servers;
  readonly step: Step;
  /** A hundredth of the load: to see that it works, not how fast. */
  readonly short: boolean;
  /** Deliveries that wait for a retry. */
  readonly waiting: number;
  /** Ends the workers of empty workflows, which would complain when Temporal stops. */
  readonly signal: AbortSignal;
}

const CONCURRENCY = 40;
const FAN_OUT = 10;
const BATCH_SIZES = [100, 1_000] as const;
const BATCHES_AT_ONCE = 8;
const HANGING_ENDPOINTS = 200;

/** All of it, one after the other. */
export async function measureAll(run: Run): Promise<Report> {
  const { servers, receiver, posthorn, step, short, waiting, signal } = run;
  /** How much of a load is put on. */
  const of = (load: number) => Math.max(10, Math.round(load * (short ? 0.01 : 1)));
  const measureCeiling = () =>
    step('Empty workflows', () =>
      measureEmptyWorkflows(
        { address: servers.temporalAddress, count: of(1_000), concurrency: CONCURRENCY },
        signal,
      ),
    );
  // Servers that have just started are slower.
  await measureCeiling();
  const idle = await step('Idle, from submission to arrival', (progress) =>
    measureLatency({ posthorn, receiver, progress }, { events: of(300), perSecond: 10 }),
  );
  const emptyWorkflows = [await measureCeiling()];
  /** Between two looks at the ceiling: a machine does not stay as fast as it was. */
  const throughput = async (what: string, load: Load): Promise<AgainstCeiling> => {
    const measured = await step(what, (progress) =>
      measureThroughput({ posthorn, receiver, progress }, load),
    );
    emptyWorkflows.push(await measureCeiling());
    const [before, after] = emptyWorkflows.slice(-2).map(({ perSecond }) => perSecond);
    const ceiling = ((before ?? Number.NaN) + (after ?? Number.NaN)) / 2;
    return { ...measured, ratio: measured.deliveriesPerSecond / ceiling };
  };
  const single = await throughput('Single events', {
    events: of(2_000),
    endpoints: 1,
    concurrency: CONCURRENCY,
  });
  const eventsPerSecond = single.deliveriesPerSecond / 2;
  const halfLoad = await step('At half of that, from submission to arrival', (progress) =>
    measureLatency({ posthorn, receiver, progress }, { events: of(1_000), perSecond: eventsPerSecond }),
  );
  const fanOut = await throughput(`Fan-out to ${FAN_OUT} endpoints`, {
    events: of(1_000),
    endpoints: FAN_OUT,
    concurrency: CONCURRENCY,
  });
  const measureBatches = async (together: number, what = `Batches of ${together}`) => ({
    ...(await throughput(what, {
      events: Math.max(together, of(20_000)),
      endpoints: 1,
      concurrency: BATCHES_AT_ONCE,
      together,
    })),
    together,
  });
  const batches: Report['batches'][number][] = [];
  for (const together of BATCH_SIZES) batches.push(await measureBatches(together));
  const added = await step('A second process with a worker', () => posthorn.addWorker());
  const twoWorkers = await measureBatches(BATCH_SIZES[0], 'The same with two workers');
  await added.stop();
  // With as many to an endpoint that hangs, which cost twice as much, half of what such a mixture takes.
  const neighbourRate = single.deliveriesPerSecond / 6;
  const noisyNeighbour = await step('Neighbours that hang', (progress) =>
    measureNoisyNeighbour(
      { posthorn, receiver, progress },
      {
        events: of(1_000),
        perSecond: neighbourRate,
        manyEndpoints: of(HANGING_ENDPOINTS),
        leadInMs: short ? 0 : HANGS_MS + 1_000,
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
    noisyNeighbour: { ...noisyNeighbour, eventsPerSecond: neighbourRate },
    waiting: waitingDeliveries,
  };
}
