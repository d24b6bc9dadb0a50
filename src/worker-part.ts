import type { NativeConnection } from '@temporalio/worker';
import { composeActivities, type ActivityOptions } from './activities/compose.js';
import type { Recorder } from './activities/dispatch/recorder.js';
import type { AddressGuard } from './delivery/address-guard.js';
import { createPost } from './delivery/post.js';
import type { DescriptorShares } from './descriptors.js';
import type { ClientConnection } from './temporal/connection.js';
import { GRACE_MS } from './temporal/shutdown.js';
import { startWorkers, WORKFLOW_TASK_SLOTS } from './worker.js';

export interface WorkerPartOptions {
  readonly activities: Omit<ActivityOptions, 'post' | 'workflowTasks' | 'firstAttempts' | 'attempts'>;
  readonly guard: AddressGuard;
  readonly shares: DescriptorShares;
  readonly options: {
    readonly taskQueue: string;
    readonly workflowBundlePath: string;
    readonly graceMs?: number;
  };
  readonly namespace: string;
  /** What is closed at once when the process stops, and what is closed after that, last opened first. */
  readonly work: (() => Promise<unknown>)[];
  readonly used: (() => Promise<unknown>)[];
}

export interface WorkerPart {
  /** Rejects when the workers cannot go on. */
  readonly failed: Promise<never>;
  readonly recordAhead: Recorder['recordAhead'];
}

/** Starts the workers of a process, and says how they are stopped. */
export async function startWorkerPart(
  { connection }: ClientConnection<NativeConnection>,
  { activities, guard, shares, options, namespace, work, used }: WorkerPartOptions,
): Promise<WorkerPart> {
  const { taskQueue, workflowBundlePath, graceMs = GRACE_MS } = options;
  const { post, close } = createPost(guard, shares.kept);
  used.unshift(close);
  const { dependencies, recorder, dispatcher } = composeActivities({
    ...activities,
    post,
    workflowTasks: WORKFLOW_TASK_SLOTS,
    firstAttempts: shares.firstAttempts,
    attempts: shares.attempts,
  });
  // What recordings leave in flight is followed after them.
  used.unshift(() => dispatcher.settled());
  used.unshift(() => recorder.settled());
  work.push(() => {
    recorder.end();
    dispatcher.endIn(graceMs);
    return Promise.resolve();
  });
  const workers = await startWorkers({
    connection,
    namespace,
    taskQueue,
    workflowBundle: { codePath: workflowBundlePath },
    concurrentAttempts: shares.attempts,
    graceMs,
    dependencies,
  });
  work.push(() => workers.stop());
  return {
    failed: workers.failed,
    recordAhead: (event, firstRunId) => recorder.recordAhead(event, firstRunId),
  };
}
