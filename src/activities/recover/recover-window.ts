import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { activityInfo, heartbeat } from '@temporalio/activity';
import { deliveryIdOf } from '../../domain/delivery-id.js';
import { drainGroup, drainRate } from '../../dispatch/drain-rate.js';
import { holdDays } from '../../store/database/partitions.js';
import { inTransaction } from '../../store/database/pool.js';
import {
  eventsOfWindow,
  insertRecovered,
  type WindowEvent,
} from '../../store/recoveries/recovery-candidates.js';
import { isRemoved } from '../../store/apps/removed-ids.js';
import {
  findRecoveryWork,
  lockHandOver,
  markHandedOver,
  type RecoveryJob,
  type RecoveryWork,
} from '../../store/recoveries/recovery-jobs.js';
import { resendWorkflowId } from '../../temporal/client/ids.js';
import type { EventCursor, RecoveryInput, RecoverySlice } from '../../workflows/slices.js';
import type { Dependencies } from '../dependencies.js';
import { cursorAt, positionOf } from '../lib/event-cursor.js';
import { pause, SLICE_MS } from '../lib/paced-slice.js';
import { unknownToLog } from '../lib/unknown-to-log.js';

/** Events of the window that are checked per statement. */
const PAGE = 200;
/** So many are handed over together at most. */
const MAX_GROUP = 50;

/**
 * Hands events of a job's window over, oldest first, at the application's `drain_per_second`, slowly at first: a
 * delivery and its workflow each. What a worker that dies had begun is begun again and changes nothing, because the
 * ids of both follow from job and event.
 */
export function recoverWindowActivity(deps: Dependencies) {
  return async (
    { jobId, endpointId }: RecoveryInput,
    begin: EventCursor | null,
    forMs: number,
  ): Promise<RecoverySlice> => {
    const startedAt = performance.now();
    const until = startedAt + SLICE_MS;
    const work = await findRecoveryWork(deps.pool, endpointId, jobId);
    let cursor = (activityInfo().heartbeatDetails as EventCursor | undefined) ?? begin;
    if (!work) {
      // Of one that PostgreSQL has lost before it began, in a restore, nobody knows the window any more.
      if (cursor === null || (await isRemoved(deps.pool, endpointId))) return { kind: 'over' };
      throw unknownToLog(
        deps,
        { webhook_id: endpointId, job_id: jobId },
        'PostgreSQL does not know the recovery',
      );
    }
    do {
      heartbeat(cursor);
      const page = await eventsOfWindow(deps.pool, work.job, work.eventTypes, positionOf(cursor), PAGE);
      if (page.length === 0) return stopped(await finish(deps, work.job), cursor);
      const wanted = page.filter((event) => event.wanted);
      while (wanted.length > 0) {
        const began = performance.now();
        const seconds = (forMs + began - startedAt) / 1_000;
        const { size, pauseMs } = drainGroup(drainRate(work.drainPerSecond, seconds));
        const group = wanted.splice(0, Math.min(size, MAX_GROUP));
        const state = await handOver(deps, work, group);
        // What is wanted has been found out by other types.
        if (state === 'changed') return { kind: 'more', cursor, pauseMs: 0 };
        if (state !== 'running') return stopped(state, cursor);
        cursor = cursorAt(group.at(-1)) ?? cursor;
        const left = (pauseMs * group.length) / size - (performance.now() - began);
        // A long pause is the workflow's: it keeps no worker from stopping.
        if (left > SLICE_MS) return { kind: 'more', cursor, pauseMs: left };
        await pause(left, cursor);
        if (performance.now() >= until) return { kind: 'more', cursor, pauseMs: 0 };
      }
      cursor = cursorAt(page.at(-1)) ?? cursor;
    } while (performance.now() < until);
    return { kind: 'more', cursor, pauseMs: 0 };
  };
}

function stopped(state: 'paused' | 'over', cursor: EventCursor | null): RecoverySlice {
  return state === 'paused' ? { kind: state, cursor } : { kind: state };
}

/**
 * Makes a delivery for each event that is still to be recovered, and then starts its workflow. If this process dies in
 * between, or Temporal is away, `upkeep/look-after.ts` finds the deliveries that have none.
 */
async function handOver(
  { pool, workflows, changes, now }: Dependencies,
  { job, eventTypes }: RecoveryWork,
  events: readonly WindowEvent[],
): Promise<'running' | 'changed' | 'paused' | 'over'> {
  const { id: jobId, appId, endpointId } = job;
  const deliveries = events.map((event) => recoveredDelivery(job, event));
  const handed = await inTransaction(pool, async (client) => {
    const turn = await lockHandOver(client, job);
    if (turn.state !== 'running') return { state: turn.state, made: new Set() };
    if (!isDeepStrictEqual(turn.eventTypes, eventTypes))
      return { state: 'changed' as const, made: new Set() };
    await holdDays(
      client,
      events.map(({ day }) => day),
    );
    return {
      state: turn.state,
      made: await insertRecovered(client, job, eventTypes, deliveries, now()),
    };
  });
  const begun = deliveries.filter(({ id }) => handed.made.has(id));
  for (const { id } of begun) changes.tell({ kind: 'delivery', appId, id });
  await Promise.all(
    begun.map(({ resendId, eventId }) =>
      workflows.startResend(resendId, { appId, eventId, endpointIds: [endpointId], jobId }),
    ),
  );
  return handed.state;
}

/** At the end of the window: only the deliveries themselves remain. */
async function finish({ pool, changes, now }: Dependencies, job: RecoveryJob): Promise<'paused' | 'over'> {
  const { id, appId, endpointId } = job;
  const state = await inTransaction(pool, async (client) => {
    const { state } = await lockHandOver(client, job);
    if (state !== 'running') return state;
    await markHandedOver(client, id, now());
    return 'over' as const;
  });
  changes.tell({ kind: 'job', appId, id, endpointId });
  return state;
}

function recoveredDelivery(job: RecoveryJob, event: WindowEvent) {
  const resendId = createHash('sha256').update(`${job.id}\n${event.id}`).digest('hex').slice(0, 32);
  const workflowId = resendWorkflowId(job.appId, resendId);
  const id = deliveryIdOf(event.createdAt, workflowId, job.endpointId);
  return { id, day: event.day, eventId: event.id, workflowId, resendId };
}
