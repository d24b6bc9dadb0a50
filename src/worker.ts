import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import type { ActivityDependencies } from './activities/dependencies.js';
import { createDeliveryActivities, createWorkflowActivities } from './activities/create-activities.js';
import { slowShareOf } from './dispatch/endpoint-shares.js';
import { FAREWELL_MS } from './temporal/shutdown.js';
import { deliveryQueueOf } from './workflows/contract.js';

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

/** Workflow tasks that one process works on at the same time; openings hold one while they make first attempts. */
export const WORKFLOW_TASK_SLOTS = 100;
/** A batch opens two chunks at the same time, and every other workflow has one at a time. */
const LOCAL_ACTIVITIES = 2 * WORKFLOW_TASK_SLOTS;
/**
 * Polls for workflow tasks, and how many of them for workflows that this process does not have in memory: those that
 * did not start here, and those that were put away while they waited. By default these have 2 of 10 polls, which
 * comes to some 40 a second.
 */
const WORKFLOW_TASK_POLLS = 16;
const SHARE_OF_NEW_WORKFLOWS = 0.75;

/** Starts polling: one worker for workflows and local attempts, one for the attempts that may wait. */
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
      // Those under way, and those that wait for an endpoint which does not answer and has its share of the attempts:
      // were there fewer, each of these would be rebuilt from its history, and the others be late for it. What waits
      // longer than others is put away first. Each has some 10 KB of heap for a delivery.
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
  // Nobody may be waiting for it when it happens.
  failed.catch(() => undefined);
  return {
    failed,
    async stop() {
      stopping = true;
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      // When one has failed, the other's attempts in flight are waited for all the same.
      await Promise.allSettled(runs);
    },
  };
}
