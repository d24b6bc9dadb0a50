import { cpus, totalmem, type } from 'node:os';
import { meanTimes, type CpuTimes } from './cpu.js';
import type { Ceiling } from './empty-workflows.js';
import type { Latency } from './statistics.js';
import { HANGS_MS } from './receiver.js';
import type { NoisyNeighbour } from './measures/noisy-neighbour.js';
import type { Throughput } from './measures/throughput.js';
import type { Waiting } from './measures/waiting.js';

/** All that one run measured. */
export interface Report {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  readonly servers: string;
  /** Temporal's own ceiling, in the course of the run. */
  readonly emptyWorkflows: readonly Ceiling[];
  readonly single: AgainstCeiling;
  readonly fanOut: AgainstCeiling & { readonly endpoints: number };
  readonly batches: readonly Batches[];
  /** The first of these again, with a second process that has a worker. */
  readonly twoWorkers: Batches;
  /** The largest of these, while all streams of so many keys are listened to. */
  readonly listenedTo: {
    readonly keys: number;
    readonly alone: Throughput;
    readonly heard: Throughput;
    /** Of the throughput alone, turn by turn. */
    readonly shares: readonly number[];
  };
  readonly idle: Latency;
  readonly halfLoad: Latency & { readonly eventsPerSecond: number };
  readonly noisyNeighbour: NoisyNeighbour & { readonly eventsPerSecond: number };
  readonly waiting: Waiting;
}

/** A throughput as a multiple of the ceiling: of the mean of what was measured before it and after, turn by turn. */
export type AgainstCeiling = Throughput & { readonly ratio: number };
type Batches = AgainstCeiling & { readonly together: number };

export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${memory} GiB, ${type()}, Node ${process.versions.node}`;
}

/** As a table in Markdown. */
export function tableOf(report: Report): string {
  const { emptyWorkflows, single, fanOut, batches, twoWorkers, idle, halfLoad } = report;
  const { listenedTo, noisyNeighbour, waiting } = report;
  const oneWorker = batches.find(({ together }) => together === twoWorkers.together);
  const ratio = ({ ratio: times }: AgainstCeiling) => times.toFixed(2);
  const ceilings = emptyWorkflows.map(({ perSecond }) => perSecond);
  const rate = ({ deliveriesPerSecond }: Throughput) => deliveriesPerSecond.toFixed(0);
  const latency = ({ medianMs, p95Ms, p99Ms, maxMs }: Latency) =>
    `median ${medianMs.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, at most ${maxMs.toFixed(0)} ms`;
  return [
    `${report.at.slice(0, 10)}, ${report.machine}; ${report.servers}.`,
    '',
    '| what | a second | × empty workflows | processor time of a delivery |',
    '| --- | --- | --- | --- |',
    `| empty workflows, started eagerly | ${Math.min(...ceilings).toFixed(0)} to ${Math.max(...ceilings).toFixed(0)} | 1 | ${cpu(meanTimes(emptyWorkflows.map(({ cpuMsPerWorkflow }) => cpuMsPerWorkflow)))} |`,
    `| events, one at a time in a request | ${rate(single)} | ${ratio(single)} | ${cpu(single.cpuMsPerDelivery)} |`,
    `| deliveries, each event to ${fanOut.endpoints} endpoints | ${rate(fanOut)} | ${ratio(fanOut)} | ${cpu(fanOut.cpuMsPerDelivery)} |`,
    ...batches.map(
      (each) =>
        `| events, ${each.together} in a request | ${rate(each)} | ${ratio(each)} | ${cpu(each.cpuMsPerDelivery)} |`,
    ),
    `| events, ${twoWorkers.together} in a request, a second process with a worker | ${rate(twoWorkers)} | ${ratio(twoWorkers)} | ${cpu(twoWorkers.cpuMsPerDelivery)} |`,
    '',
    ...(oneWorker
      ? [
          `Two processes with workers against one: ${(twoWorkers.deliveriesPerSecond / oneWorker.deliveriesPerSecond).toFixed(2)}.`,
        ]
      : []),
    '',
    `With listeners to all streams of ${listenedTo.keys} keys: ${listenedTo.shares.map((share) => share.toFixed(2)).join(', ')} ` +
      `of the throughput without; a delivery takes ${cpu(listenedTo.heard.cpuMsPerDelivery)}, without them ` +
      `${cpu(listenedTo.alone.cpuMsPerDelivery)}.`,
    '',
    `From submission to arrival, idle: ${latency(idle)}; at ${halfLoad.eventsPerSecond.toFixed(0)} events a second ` +
      `(half of what it takes): ${latency(halfLoad)}.`,
    '',
    `${noisyNeighbour.eventsPerSecond.toFixed(0)} events a second alone: ${latency(noisyNeighbour.alone)}; beside as ` +
      `many to another endpoint that answers: ${latency(noisyNeighbour.besideHealthy)}; beside as many to one that ` +
      `hangs for ${HANGS_MS / 1_000} s: ${latency(noisyNeighbour.beside)}; beside ` +
      `${noisyNeighbour.besideMany.endpoints} such endpoints: ${latency(noisyNeighbour.besideMany)}.`,
    '',
    `${waiting.deliveries} deliveries that wait for a retry, ten of an event, add ${megabytes(waiting.addedBytes)} to the ` +
      `process with API and workers; it takes ${shown(waiting.idleCpuMsPerSecond)} ms of processor time a second then.`,
  ].join('\n');
}

function cpu(milliseconds: CpuTimes | null): string {
  if (!milliseconds) return 'not known here';
  return Object.entries(milliseconds)
    .filter(([, ms]) => ms >= 0.005)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, ms]) => `${kind} ${ms.toFixed(ms < 1 ? 2 : 1)} ms`)
    .join(', ');
}

function megabytes(bytes: number | null): string {
  return bytes === null ? 'what is not known here' : `${(bytes / 1e6).toFixed(0)} MB`;
}

function shown(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(1);
}
