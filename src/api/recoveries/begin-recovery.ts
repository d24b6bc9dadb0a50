import { randomUUID } from 'node:crypto';
import type { App } from '../../domain/app.js';
import type { Endpoint } from '../../domain/endpoint.js';
import { lockEndpoint } from '../../store/endpoints/endpoints.js';
import { inTransaction, type Queryable } from '../../store/database/pool.js';
import { countCandidates } from '../../store/recoveries/recovery-candidates.js';
import {
  findRecoveryJob,
  insertRecoveryJob,
  lockRecoveryJob,
  recoveryStatusOf,
  setRecoveryState,
  type RecoveryCounts,
  type RecoveryJob,
  type RecoveryState,
} from '../../store/recoveries/recovery-jobs.js';
import { afterCommit } from '../after-commit.js';
import type { ApiContext } from '../context.js';
import { assertTakesDeliveries } from '../endpoints/endpoint-changes.js';
import { problems } from '../http/problem.js';

/** @throws Problem 404 */
export async function existingRecovery(
  { pool }: ApiContext,
  endpoint: Endpoint,
  id: string | undefined,
): Promise<RecoveryJob & RecoveryCounts> {
  const job = await findRecoveryJob(pool, endpoint.id, id ?? '');
  if (!job) throw problems.notFound();
  return job;
}

/**
 * Counts what a recovery is to do, which may take a while, and gives what begins it in a transaction. Afterwards its
 * workflow is started.
 * @throws Problem 404, 409; what begins it likewise
 */
export async function recoveryOf(
  { pool, now }: ApiContext,
  app: App,
  endpoint: Endpoint,
  wish: Pick<RecoveryJob, 'since' | 'until' | 'choice'>,
): Promise<(client: Queryable) => Promise<RecoveryJob & RecoveryCounts>> {
  assertTakesDeliveries(endpoint);
  const search = { ...wish, id: randomUUID(), appId: app.id, endpointId: endpoint.id };
  const total = await countCandidates(pool, search, endpoint.eventTypes);
  return async (client) => {
    const locked = await lockEndpoint(client, app.id, endpoint.id);
    if (!locked) throw problems.notFound();
    assertTakesDeliveries(locked);
    const job = { ...search, state: 'running', total, handedOverAt: null, createdAt: now() } as const;
    await insertRecoveryJob(client, job);
    return { ...job, open: 0, delivered: 0, failed: 0 };
  };
}

/**
 * Pauses, resumes or cancels a recovery; one that is so already stays as it is. Its workflow reads the state in the log
 * before every step, so the signal is only for one that waits.
 * @throws Problem 404, 409
 */
export async function changeRecovery(
  context: ApiContext,
  endpoint: Endpoint,
  id: string | undefined,
  state: RecoveryState,
): Promise<RecoveryJob & RecoveryCounts> {
  const changed = await inTransaction(context.pool, async (client) => {
    const job = (await lockRecoveryJob(client, endpoint.id, id ?? ''))
      ? await findRecoveryJob(client, endpoint.id, id ?? '')
      : null;
    if (!job) throw problems.notFound();
    const status = recoveryStatusOf(job);
    if (status === state) return null;
    if (status === 'completed' || status === 'cancelled') throw problems.alreadyFinished('job');
    await setRecoveryState(client, job.id, state);
    return job.handedOverAt === null ? job : null;
  });
  context.changes.tell({ kind: 'job', appId: endpoint.appId, id: id ?? '', endpointId: endpoint.id });
  if (changed) await afterCommit(context, () => context.workflows.startRecovery(changed));
  return existingRecovery(context, endpoint, id);
}
