import type { Client } from '@temporalio/client';
import type { Pool } from '../store/pool.js';

/** What `/readyz` reports: each part's problem, or null. */
export interface Readiness {
  (): Promise<{ postgresql: string | null; temporal: string | null; worker: string | null }>;
}

const PATIENCE_MS = 2_000;
/** Workers poll every minute at least; one that has not for longer is gone. */
const POLLED_WITHIN_MS = 90_000;
const WORKFLOW_QUEUE = 1;

/** PostgreSQL and Temporal answer, and some worker polls the task queue, in this process or another. */
export function createReadiness(
  pool: Pool,
  client: Client,
  options: { namespace: string; taskQueue: string },
): Readiness {
  return async () => {
    const [postgresql, polled] = await Promise.all([
      problemOf(async () => {
        await pool.query('select 1');
      }),
      lastPoll(client, options).catch(messageOf),
    ]);
    const temporal = typeof polled === 'string' ? polled : null;
    const isPolled = typeof polled === 'number' && Date.now() - polled < POLLED_WITHIN_MS;
    return { postgresql, temporal, worker: isPolled ? null : 'no worker polls the task queue' };
  };
}

async function lastPoll(client: Client, options: { namespace: string; taskQueue: string }): Promise<number> {
  const { pollers } = await client.withDeadline(Date.now() + PATIENCE_MS, () =>
    client.workflowService.describeTaskQueue({
      namespace: options.namespace,
      taskQueue: { name: options.taskQueue },
      taskQueueType: WORKFLOW_QUEUE,
    }),
  );
  const times = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
  return Math.max(0, ...times);
}

async function problemOf(check: () => Promise<void>): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'no answer';
}
