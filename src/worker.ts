import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import type { ActivityDependencies } from './activities/dependencies.js';
import { createDeliveryActivities, createWorkflowActivities } from './activities/create-activities.js';
import { slowShareOf } from './dispatch/endpoint-shares.js';
import { FAREWELL_MS } from './temporal/shutdown.js';
import { deliveryQueueOf } from './workflows/contract/queues.js';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly workflowBundle: WorkflowBundleOption;
  readonly concurrentAttempts: number;
  /** How long attempts in flight may go on after a stop, in milliseconds. */
  readonly graceMs: number;
  readonly dependencies: ActivityDependencies;
}

export interface Workers {
  /** Rejects when a worker ends without having been asked to. */
  readonly failed: Promise<never>;
  /** Takes no more tasks, waits for the attempts in flight, resolves when both workers have ended. */
  stop(): Promise<void>;
}

/** Concurrent workflow tasks of one process. Recording an event and its first attempts hold one. */
export const WORKFLOW_TASK_SLOTS = 100;
/** A batch records two chunks concurrently; every other workflow has one local activity at a time. */
const LOCAL_ACTIVITIES = 2 * WORKFLOW_TASK_SLOTS;
/**
 * Polls for workflow tasks, and the share of them for workflows that are not in this process's memory: those that
 * started elsewhere, and those that were evicted while they waited. The default, 2 of 10 polls, allows some 40 such
 * tasks per second.
 */
const WORKFLOW_TASK_POLLS = 16;
const SHARE_OF_NEW_WORKFLOWS = 0.75;

/** Starts polling: one worker for workflows and local attempts, one for the queued attempts. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { connection, namespace, taskQueue, workflowBundle, concurrentAttempts, graceMs, dependencies } =
    options;
  const common = {
    connection,
    namespace,
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + FAREWELL_MS,
  };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue,
      workflowBundle,
      activities: createWorkflowActivities(dependencies),
      // Enough for the workflows with a task and for those that wait for a hanging endpoint, which has its share of the
      // attempts. With fewer, each of the latter would be rebuilt from its history and delay the others. The workflow
      // that has waited longest is evicted first. Each takes some 10 KB of heap per delivery.
      maxCachedWorkflows: WORKFLOW_TASK_SLOTS + slowShareOf(concurrentAttempts),
      maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASK_SLOTS,
      maxConcurrentWorkflowTaskPolls: WORKFLOW_TASK_POLLS,
      nonStickyToStickyPollRatio: SHARE_OF_NEW_WORKFLOWS,
      maxConcurrentLocalActivityExecutions: LOCAL_ACTIVITIES,
    }),
    Worker.create({
      ...common,
      taskQueue: deliveryQueueOf(taskQueue),
      activities: createDeliveryActivities(dependencies),
      maxConcurrentActivityTaskExecutions: concurrentAttempts,
    }),
  ]);
  let stopping = false;
  const runs = workers.map((worker) => worker.run());
  const failed = Promise.race(runs).then(() => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new Error('a worker ended without having been asked to');
  });
  // It may reject while nobody awaits it.
  failed.catch(() => undefined);
  return {
    failed,
    async stop() {
      stopping = true;
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      // Even if one worker has failed, the other's attempts in flight must finish.
      await Promise.allSettled(runs);
    },
  };
}
