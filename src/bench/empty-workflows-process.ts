import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { now } from './clock.js';
import { atOnce } from '../at-once.js';
import type { empty } from './empty-workflow.js';
import type { EmptyRun, FromEmptyWorkflows } from './empty-workflows.js';

/** A process that starts empty workflows eagerly, as many at once as it is told, and waits for each to end. */

// The benchmark lets go of it when it has measured, or is interrupted.
process.on('disconnect', () => process.exit());
Runtime.install({ logger: new DefaultLogger('ERROR') });
const { address, count, concurrency } = JSON.parse(process.argv[2] ?? '') as EmptyRun;
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
async function run(name: string, wanted: number): Promise<void> {
  await atOnce(concurrency, Array(wanted).keys(), (n) =>
    client.workflow.start<typeof empty>('empty', {
      workflowId: `${taskQueue}/${name}/${n}`,
      taskQueue,
      requestEagerStart: true,
    }),
  );
  const query = `TaskQueue = '${taskQueue}' and WorkflowId starts_with '${taskQueue}/${name}/' and ExecutionStatus = 'Completed'`;
  while ((await client.workflow.count(query)).count < wanted) await sleep(POLL_MS);
}

await worker.runUntil(async () => {
  // The first ones meet a worker that is not warm yet.
  await run('warm', Math.ceil(count / 5));
  say({ kind: 'warm' });
  await once(process, 'message');
  const startedAt = now();
  await run('measured', count);
  say({ kind: 'measured', perSecond: (count / (now() - startedAt)) * 1_000 });
  await once(process, 'disconnect');
});
