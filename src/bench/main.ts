import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { watchForStop } from '../commands/signals.js';
import { EmptyWorkflows } from './empty-workflows.js';
import { CONCURRENCY, measureAll, type Step } from './measure-all.js';
import { startPosthornProcess } from './posthorn.js';
import { Receiver } from './receiver.js';
import { tableOf } from './report.js';
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

const say = (line: string) => void process.stderr.write(`${line}\n`);
const bar = new SingleBar(
  { format: '{what} [{bar}] {value}/{total}', clearOnComplete: true, stream: process.stderr },
  Presets.legacy,
);

/** Shows a bar. */
const step: Step = async (what, work) => {
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
};

const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-'));
// PostgreSQL runs as another user where this is root.
await chmod(folder, 0o755);
const { wished, signal } = watchForStop(say);
const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const servers = await startServers(process.env, { embedded, folder, say, signal });
  stops.unshift(() => servers.stop());
  const receiver = await Receiver.start();
  stops.unshift(() => receiver.stop());
  const posthorn = await startPosthornProcess(servers);
  stops.unshift(() => posthorn.stop());
  const empty = await EmptyWorkflows.start({ address: servers.temporalAddress, concurrency: CONCURRENCY });
  stops.unshift(() => empty.stop());
  signal.throwIfAborted();
  const stopped = wished.then(() => Promise.reject(signal.reason as Error));
  const report = await Promise.race([
    measureAll({ servers, receiver, posthorn, empty, step, short, waiting }),
    stopped,
  ]);
  await mkdir(out, { recursive: true });
  const file = join(out, `${report.at.replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${tableOf(report)}\n\n${file}\n`);
} catch (error) {
  if (!signal.aborted) throw error;
  bar.stop();
  process.exitCode = 130;
} finally {
  for (const stop of stops) {
    await stop().catch((error: unknown) => {
      say(`Could not be stopped: ${String(error)}`);
      process.exitCode = 1;
    });
  }
}
process.exit();
