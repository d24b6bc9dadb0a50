import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { notNow, type NotNow } from '../store/database/errors.js';
import type { Pool } from '../store/database/pool.js';
import { withTimeout } from '../lib/timeout.js';
import { deliveryQueueOf } from '../workflows/contract/queues.js';
import { inTime } from './calls.js';

/** What `/readyz` reports of each part: whether it can do its work. */
export interface Readiness {
  (): Promise<{
    readonly postgresql: 'ok' | NotNow;
    readonly temporal: boolean;
    readonly worker: boolean;
  }>;
}

const PATIENCE_MS = 1_750;
/** Workers poll at least every minute. One that has not polled for longer is gone. */
const POLLED_WITHIN_MS = 90_000;
const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

/** Checks that PostgreSQL accepts changes, Temporal answers, and workers poll both task queues, in this process or another. */
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
      stateOf(pool),
      Promise.all([
        isPolled(options.taskQueue, TASK_QUEUE_TYPE_WORKFLOW),
        isPolled(deliveryQueueOf(options.taskQueue), TASK_QUEUE_TYPE_ACTIVITY),
      ]).catch(() => null),
    ]);
    return { postgresql, temporal: queues !== null, worker: queues?.every((polled) => polled) ?? false };
  };

  // Anybody may ask, so concurrent requests share one check.
  let current: ReturnType<Readiness> | undefined;
  return () =>
    (current ??= look().finally(() => {
      current = undefined;
    }));
}

/** A standby, and a server that is to take no changes, say so of every transaction. */
async function stateOf(pool: Pool): Promise<'ok' | NotNow> {
  try {
    const asked = pool.query<{ read_only: boolean }>(
      `select current_setting('transaction_read_only')::bool as read_only`,
    );
    const { rows } = await withTimeout(PATIENCE_MS, asked, () => new Error('no answer in time'));
    return rows[0]?.read_only === true ? 'read_only' : 'ok';
  } catch (error) {
    return notNow(error) ?? 'busy';
  }
}
