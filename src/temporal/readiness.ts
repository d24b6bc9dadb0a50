import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Pool } from '../store/pool.js';
import { deliveryQueueOf } from '../workflows/contract.js';
import { inTime } from './calls.js';

/** What `/readyz` reports of each part: whether it can do its work. */
export interface Readiness {
  (): Promise<{ readonly postgresql: boolean; readonly temporal: boolean; readonly worker: boolean }>;
}

const PATIENCE_MS = 2_000;
/** Workers poll every minute at least; one that has not for longer is gone. */
const POLLED_WITHIN_MS = 90_000;
const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

/** PostgreSQL and Temporal answer, and some worker polls both task queues, in this process or another. */
export function createReadiness(
  pool: Pool,
  client: Client,
  options: { namespace: string; taskQueue: string },
): Readiness {
  const isPolled = async (name: string, taskQueueType: number) => {
    const { pollers } = await inTime(client, PATIENCE_MS, () =>
      client.workflowService.describeTaskQueue({
        namespace: options.namespace,
        taskQueue: { name },
        taskQueueType,
      }),
    );
    const polls = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
    return Math.max(0, ...polls) > Date.now() - POLLED_WITHIN_MS;
  };
  const look = async () => {
    const [postgresql, queues] = await Promise.all([
      pool.query({ text: 'select 1', query_timeout: PATIENCE_MS } as { text: string }).then(
        () => true,
        () => false,
      ),
      Promise.all([
        isPolled(options.taskQueue, TASK_QUEUE_TYPE_WORKFLOW),
        isPolled(deliveryQueueOf(options.taskQueue), TASK_QUEUE_TYPE_ACTIVITY),
      ]).catch(() => null),
    ]);
    return { postgresql, temporal: queues !== null, worker: queues?.every((polled) => polled) ?? false };
  };

  // Anybody may ask: those that ask meanwhile get the same answer.
  let current: ReturnType<Readiness> | undefined;
  return () =>
    (current ??= look().finally(() => {
      current = undefined;
    }));
}
