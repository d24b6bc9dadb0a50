import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { now } from './clock.js';
import { forEachConcurrent } from '../lib/for-each-concurrent.js';
import type { empty } from './empty-workflow.js';
import type { EmptyRun, FromEmptyWorkflows, ToEmptyWorkflows } from './empty-workflows.js';

/** A process that starts empty workflows eagerly, as many at once as it is told, and waits for each to end. */

// The benchmark lets go of it when it has measured, or is interrupted: Ctrl-C in a terminal comes to all.
process.on('disconnect', () => process.exit());
// It may have done so before anybody listened.
if (!process.connected) process.exit();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const { address, concurrency } = JSON.parse(process.argv[2] ?? '') as EmptyRun;
const taskQueue = `bench-empty-${randomBytes(6).toString('hex')}`;
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./empty-workflow.js', import.meta.url)),
  logger: new DefaultLogger('ERROR'),
});
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowBundle,
  maxConcurrentWorkflowTaskExecutions: 100,
});
const client = new Client({ connection });
const POLL_MS = 50;
const say = (message: FromEmptyWorkflows) => process.send?.(message);

/** Starts so many, and waits until all have ended: asking for each would be work that no delivery causes. */
async function run(nth: number, wanted: number): Promise<void> {
  await forEachConcurrent(concurrency, Array(wanted).keys(), (n) =>
    client.workflow.start<typeof empty>('empty', {
      workflowId: `${taskQueue}/${nth}/${n}`,
      taskQueue,
      requestEagerStart: true,
    }),
  );
  const query = `TaskQueue = '${taskQueue}' and WorkflowId starts_with '${taskQueue}/${nth}/' and ExecutionStatus = 'Completed'`;
  while ((await client.workflow.count(query)).count < wanted) await sleep(POLL_MS);
}

async function measure(nth: number, { count }: ToEmptyWorkflows): Promise<void> {
  const startedAt = now();
  await run(nth, count);
  say({ kind: 'measured', perSecond: (count / (now() - startedAt)) * 1_000 });
}

let runs = 0;
process.on('message', (message: ToEmptyWorkflows) => {
  measure((runs += 1), message).catch((error: unknown) => {
    process.stderr.write(`empty workflows: ${String(error)}\n`);
    process.exit(1);
  });
});
const running = worker.run();
say({ kind: 'ready' });
await running;
