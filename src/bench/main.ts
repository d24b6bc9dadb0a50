import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { measureEmptyWorkflows } from './empty-workflows.js';
import { measureLatency } from './measures/latency.js';
import { measureNoisyNeighbour } from './measures/noisy-neighbour.js';
import type { Setting } from './measures/setting.js';
import { measureThroughput, type Load } from './measures/throughput.js';
import { measureWaiting } from './measures/waiting.js';
import { startPosthornProcess } from './posthorn.js';
import { Receiver } from './receiver.js';
import { machine, tableOf, type AgainstCeiling, type Report } from './report.js';
import { startServers } from './servers.js';

/** `npm run bench`: measures in one run, against Temporal's own ceiling in the same run. */

const program = new Command('bench')
  .option('--embedded', 'on embedded servers, also where the environment names others')
  .option('--short', 'a hundredth of the load: to see that it works, not how fast')
  .option('--waiting <deliveries>', 'how many wait for a retry', Number, 10_000)
  .option('--out <folder>', 'where the dated JSON goes', 'bench');
program.parse();
const {
  embedded = false,
  short = false,
  waiting,
  out,
} = program.opts<{ embedded?: boolean; short?: boolean; waiting: number; out: string }>();

const CONCURRENCY = 40;
const FAN_OUT = 10;
const BATCH_SIZES = [100, 1_000] as const;
const BATCHES_AT_ONCE = 8;
const HANGING_ENDPOINTS = 200;
/** How much of the load is put on. */
const share = short ? 0.01 : 1;
const of = (load: number) => Math.max(10, Math.round(load * share));

const say = (line: string) => void process.stderr.write(`${line}\n`);
const bar = new SingleBar(
  { format: '{what} [{bar}] {value}/{total}', clearOnComplete: true, stream: process.stderr },
  Presets.legacy,
);

/** One measurement, with a bar that says how far it is. */
async function step<T>(what: string, work: (progress: Setting['progress']) => Promise<T>): Promise<T> {
  say(`${what} …`);
  bar.start(1, 0, { what: '' });
  try {
    return await work((done, total) => {
      bar.setTotal(total);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-'));
// PostgreSQL runs as another user where this is root.
await chmod(folder, 0o755);
const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const servers = await startServers(process.env, { embedded, folder, say });
  stops.unshift(() => servers.stop());
  const receiver = await Receiver.start();
  stops.unshift(() => receiver.stop());

  const measureCeiling = () =>
    step('Empty workflows', () =>
      measureEmptyWorkflows({
        address: servers.temporalAddress,
        count: of(1_000),
        concurrency: CONCURRENCY,
      }),
    );
  const posthorn = await startPosthornProcess(servers);
  stops.unshift(() => posthorn.stop());
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
  // With as many to an endpoint that hangs, which cost twice as much, about half of what such a mixture takes.
  const neighbourRate = single.deliveriesPerSecond / 6;
  const noisyNeighbour = await step('Neighbours that hang', (progress) =>
    measureNoisyNeighbour(
      { posthorn, receiver, progress },
      { events: of(1_000), perSecond: neighbourRate, manyEndpoints: of(HANGING_ENDPOINTS) },
    ),
  );
  const waitingDeliveries = await step('Waiting for retries', (progress) =>
    measureWaiting(
      { posthorn, receiver, progress },
      { deliveries: of(waiting), concurrency: CONCURRENCY, restMs: short ? 1_000 : 120_000 },
    ),
  );
  const report: Report = {
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
  await mkdir(out, { recursive: true });
  const file = join(out, `${report.at.replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${tableOf(report)}\n\n${file}\n`);
} finally {
  for (const stop of stops) await stop();
}
process.exit();
