import { activityInfo, heartbeat } from '@temporalio/activity';
import { drainGroup, drainRate } from '../delivery/drain-pace.js';
import { grant, roomOf } from '../store/endpoint-limits.js';
import {
  heldDeliveries,
  lockDrainedEndpoint,
  lockFree,
  markReleased,
  waitingDeliveries,
  type DrainedEndpoint,
  type HeldDelivery,
} from '../store/held-deliveries.js';
import type { Day } from '../store/partitions.js';
import { inTransaction, type Queryable } from '../store/pool.js';
import type { ReleasedSlice } from '../workflows/slices.js';
import type { Dependencies } from './dependencies.js';
import { pause, SLICE_MS } from './paced-slice.js';

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
  return async (endpointId: string, since?: number): Promise<ReleasedSlice | number> => {
    const slice = await releaseSlice(deps, endpointId, since ?? deps.now().getTime());
    return since === undefined ? Number(slice.more) : slice;
  };
}

async function releaseSlice(deps: Dependencies, endpointId: string, since: number): Promise<ReleasedSlice> {
  const until = Date.now() + SLICE_MS;
  let oldest: Day | undefined;
  do {
    heartbeat();
    const seconds = (deps.now().getTime() - since) / 1_000;
    const isCrowded = deps.pace.isCrowded(endpointId);
    const look = await inTransaction(deps.pool, (client) =>
      lookForHeld(client, endpointId, { seconds, isCrowded, oldest }),
    );
    if (look.kind === 'over') return { more: false, pauseMs: 0 };
    if (look.kind === 'deleted') {
      await releaseAll(deps, endpointId);
      return { more: false, pauseMs: 0 };
    }
    if (look.kind === 'go') {
      oldest = look.held[0]?.day;
      await Promise.all(look.held.map(({ workflowId, id }) => deps.workflows.release(workflowId, id)));
      await markReleased(deps.pool, look.held);
    }
    // A long pause is the workflow's: a worker that stops does not wait for it.
    if (look.pauseMs > SLICE_MS) return { more: true, pauseMs: look.pauseMs };
    await pause(look.pauseMs);
  } while (Date.now() < until);
  return { more: true, pauseMs: 0 };
}

async function lookForHeld(
  client: Queryable,
  endpointId: string,
  options: {
    readonly seconds: number;
    readonly isCrowded: boolean;
    /** Of what this slice released last: what is older has been looked for. */
    readonly oldest: Day | undefined;
  },
): Promise<Look> {
  const endpoint = await lockDrainedEndpoint(client, endpointId);
  if (!endpoint) return { kind: 'deleted' };
  if (!endpoint.takesDeliveries) return { kind: 'over' };
  const { size, pauseMs } = drainGroup(drainRate(endpoint.drainPerSecond, options.seconds));
  const later = options.oldest ? await heldDeliveries(client, endpointId, size, options.oldest) : [];
  const [oldest, ...others] = later.length > 0 ? later : await heldDeliveries(client, endpointId, size);
  if (!oldest) return { kind: 'over' };
  // It would be held again at once.
  if (options.isCrowded) return { kind: 'wait', pauseMs: CROWDED_MS };
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

/** A deleted endpoint's deliveries end at their next attempt: those that are held, and those that wait for it. */
async function releaseAll({ pool, workflows }: Dependencies, endpointId: string): Promise<void> {
  let after = (activityInfo().heartbeatDetails as string | undefined) ?? null;
  for (;;) {
    const page = await waitingDeliveries(pool, endpointId, after, PAGE);
    for (const { workflowId, id } of page) {
      await workflows.release(workflowId, id);
      await workflows.hurry(workflowId, id);
      heartbeat(id);
    }
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}
