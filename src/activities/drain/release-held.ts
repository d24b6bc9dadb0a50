import { activityInfo, heartbeat } from '@temporalio/activity';
import { drainGroup, drainRate } from '../../dispatch/drain-rate.js';
import { grant, roomOf } from '../../store/endpoints/endpoint-limits.js';
import {
  heldDeliveries,
  lockDrainedEndpoint,
  lockFree,
  markReleased,
  waitingDeliveries,
  type DrainedEndpoint,
  type HeldDelivery,
} from '../../store/deliveries/held-deliveries.js';
import type { Day } from '../../domain/day.js';
import { inTransaction, type Queryable } from '../../store/database/pool.js';
import { TemporalUnavailable } from '../../temporal/calls.js';
import type { ReleasedSlice } from '../../workflows/slices.js';
import type { Dependencies } from '../dependencies.js';
import { pause, SLICE_MS } from '../lib/paced-slice.js';

const LONGEST_WAIT_MS = 1_000;
/** After which deliveries that others have locked are looked at again. */
const BUSY_MS = 100;
/** After which an endpoint with its share of this process's attempts in flight is looked at again. */
const CROWDED_MS = 250;
const PAGE = 100;

/** What a look at an endpoint and its held deliveries found to do. */
type Look =
  | { readonly kind: 'over' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'wait'; readonly pauseMs: number }
  | { readonly kind: 'go'; readonly held: readonly HeldDelivery[]; readonly pauseMs: number };

/**
 * Lets held deliveries go on, oldest first: those that wait for capacity as there is some, those of an endpoint that
 * takes deliveries again at the application's `drain_per_second`, slowly at first. A worker that dies in between
 * signals some of them again, which does no harm.
 */
export function releaseHeldActivity(deps: Dependencies) {
  return async (endpointId: string, forMs: number): Promise<ReleasedSlice> => {
    const startedAt = performance.now();
    const untold = new Set<string>();
    let released = 0;
    let oldestDay: Day | undefined;
    const slice = (more: boolean, pauseMs = 0) => ({ more, pauseMs, released, untold: untold.size });
    do {
      heartbeat();
      const seconds = (forMs + performance.now() - startedAt) / 1_000;
      const isCrowded = deps.shares.isFull(endpointId);
      const look = await inTransaction(deps.pool, (client) =>
        lookForHeld(client, endpointId, { seconds, isCrowded, untold, oldestDay }),
      );
      if (look.kind === 'over') return slice(untold.size > 0);
      if (look.kind === 'deleted') {
        await releaseAll(deps, endpointId, untold);
        return slice(untold.size > 0);
      }
      if (look.kind === 'go') {
        oldestDay = look.held[0]?.day;
        const told = await releaseEach(deps, look.held);
        for (const { id } of look.held.filter((each) => !told.includes(each))) untold.add(id);
        await markReleased(deps.pool, told);
        for (const { id } of told) deps.changes.tell({ kind: 'delivery', appId: null, id });
        released += told.length;
      }
      // A long pause is the workflow's: a worker that stops does not wait for it.
      if (look.pauseMs > SLICE_MS) return slice(true, look.pauseMs);
      await pause(look.pauseMs);
    } while (performance.now() < startedAt + SLICE_MS);
    return slice(true);
  };
}

/**
 * Signals each delivery to go on. A failure does not stop the others.
 * @returns those that were signalled, or no longer need it
 * @throws Error when none could be
 */
async function releaseEach(
  { workflows, logger }: Dependencies,
  held: readonly HeldDelivery[],
): Promise<readonly HeldDelivery[]> {
  const outcomes = await Promise.allSettled(
    held.map(({ workflowId, id }) => workflows.release(workflowId, id)),
  );
  const told = held.filter((_each, index) => {
    const outcome = outcomes[index];
    return outcome?.status === 'fulfilled' && outcome.value !== 'full';
  });
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  const [err] = failures;
  // Temporal is away: the activity waits for it.
  if (failures.length === held.length && err instanceof TemporalUnavailable) throw err;
  if (told.length < held.length) {
    const deliveryIds = held.filter((each) => !told.includes(each)).map(({ id }) => id);
    logger.warn({ err, delivery_ids: deliveryIds }, 'could not release held deliveries; retried later');
  }
  return told;
}

async function lookForHeld(
  client: Queryable,
  endpointId: string,
  {
    seconds,
    isCrowded,
    untold,
    oldestDay,
  }: {
    readonly seconds: number;
    readonly isCrowded: boolean;
    readonly untold: ReadonlySet<string>;
    /** Of what this slice released last: what is older has been looked for. */
    readonly oldestDay: Day | undefined;
  },
): Promise<Look> {
  const endpoint = await lockDrainedEndpoint(client, endpointId);
  if (!endpoint) return { kind: 'deleted' };
  if (!endpoint.takesDeliveries) return { kind: 'over' };
  const { size, pauseMs } = drainGroup(drainRate(endpoint.drainPerSecond, seconds));
  const next = (since?: Day) => heldDeliveries(client, endpointId, { untold, limit: size, since });
  const later = oldestDay === undefined ? [] : await next(oldestDay);
  const [oldest, ...others] = later.length > 0 ? later : await next();
  if (!oldest) return { kind: 'over' };
  // It would be held again immediately.
  if (isCrowded) return { kind: 'wait', pauseMs: CROWDED_MS };
  const limited = endpoint.rateLimit !== null || endpoint.maxInFlight !== null;
  // What waits for capacity is live traffic, which the limits themselves slow down.
  const live = limited && oldest.reason === 'at_capacity';
  const group = [oldest, ...others].filter(({ reason }) => (limited && reason === 'at_capacity') === live);
  const afterwards = live ? 0 : (pauseMs * group.length) / size;
  if (!limited) return { kind: 'go', held: group, pauseMs: afterwards };
  return withinLimits(client, endpointId, endpoint, group, afterwards);
}

async function withinLimits(
  client: Queryable,
  endpointId: string,
  endpoint: DrainedEndpoint,
  group: readonly HeldDelivery[],
  afterwards: number,
): Promise<Look> {
  // One that was let through before its signal could be sent needs no second grant.
  const granted = group.filter(({ isGranted }) => isGranted);
  if (granted.length > 0) return { kind: 'go', held: granted, pauseMs: afterwards };
  const free = await lockFree(client, group);
  if (free.length === 0) return { kind: 'wait', pauseMs: BUSY_MS };
  const room = await roomOf(client, endpointId, endpoint, free.length);
  // Not longer, because the limits may be changed meanwhile.
  if (room.grants === 0) return { kind: 'wait', pauseMs: Math.min(room.waitMs, LONGEST_WAIT_MS) };
  const held = free.slice(0, room.grants);
  await grant(client, endpointId, held);
  return { kind: 'go', held, pauseMs: afterwards };
}

/**
 * A deleted endpoint's deliveries end at their next attempt: those that are held, and those that wait for it.
 * @param untold those that cannot be told now are added
 */
async function releaseAll(
  { pool, workflows }: Dependencies,
  endpointId: string,
  untold: Set<string>,
): Promise<void> {
  let after = (activityInfo().heartbeatDetails as string | undefined) ?? null;
  for (;;) {
    const page = await waitingDeliveries(pool, endpointId, after, PAGE);
    for (const { workflowId, id } of page) {
      const told = [await workflows.release(workflowId, id), await workflows.hurry(workflowId, id)];
      if (told.includes('full')) untold.add(id);
      heartbeat(id);
    }
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}
