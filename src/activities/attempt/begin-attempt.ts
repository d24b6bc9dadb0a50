import { attemptsInAll, delayBeforeAttemptMs, type Schedule } from '../../domain/schedule.js';
import { beginAttempt, type BegunAttempt } from '../../store/attempts/begin-attempt.js';
import { admitDelivery, type LimitDecision } from '../../store/endpoints/endpoint-limits.js';
import { holdDelivery, type Hold } from '../../store/deliveries/held-deliveries.js';
import { inTransaction } from '../../store/database/pool.js';
import { isRemoved } from '../../store/apps/removed-ids.js';
import type { AttemptResult, Ended, NotInLog } from '../../workflows/contract/delivery.js';
import { afterEnd } from './after-end.js';
import { closeWith, endedAs } from './close-delivery.js';
import type { Dependencies } from '../dependencies.js';
import { withinLogPatience } from './log-patience.js';

export interface BeginOptions {
  /** The attempt may have been sent before without the log's knowing. */
  readonly mayRepeat?: boolean;
  /** Whether the endpoint's limits are looked at. */
  readonly mayBeLimited?: boolean;
}

/**
 * Marks an attempt as begun in the log and says what to send, or settles it without sending: the delivery has
 * ended, another attempt is the next, it is not due yet, or the endpoint takes none.
 */
export async function beginOrSettle(
  deps: Dependencies,
  deliveryId: string,
  number: number,
  schedule: Schedule,
  { mayRepeat = false, mayBeLimited = true }: BeginOptions = {},
): Promise<{ begun: BegunAttempt } | { settled: AttemptResult }> {
  const now = deps.now();
  const afterLossMs =
    number > 1 && number <= attemptsInAll(schedule) ? delayBeforeAttemptMs(schedule, number, deliveryId) : 0;
  const beginning = await withinLogPatience(
    beginAttempt(deps.pool, deliveryId, number, now, { afterLossMs, mayRepeat }),
  );
  switch (beginning.kind) {
    case 'begun':
      deps.changes.tell({ kind: 'delivery', appId: beginning.attempt.appId, id: deliveryId });
      return { begun: beginning.attempt };
    case 'ended': {
      const settled = await endedAs(deps, deliveryId, beginning);
      // Whoever ended it may have died before telling of it.
      await afterEnd(deps, beginning.delivery, settled, 'unknown');
      return { settled };
    }
    case 'not_now': {
      const { next, at, last } = beginning;
      const delayMs = Math.max(0, (at?.getTime() ?? 0) - now.getTime());
      // Attempts that the log lacks were lost before they began, or it has gone back and forgot that they were sent. It
      // cannot tell the one from the other.
      return { settled: { kind: 'retry', next, delayMs, last, ...(next < number ? MAY_REPEAT : {}) } };
    }
    case 'endpoint_blocked': {
      const hold = await withinLogPatience(holdDelivery(deps.pool, deliveryId, now));
      if (hold) deps.changes.tell({ kind: 'delivery', appId: null, id: deliveryId });
      // Without one, the endpoint takes deliveries again, or the delivery ended, between the two looks.
      return { settled: hold ? heldUntil(hold, number, now) : immediately(number) };
    }
    case 'endpoint_limited': {
      const admission = await deps.limitChecks.run([beginning.endpointId], () =>
        admit(deps, deliveryId, now, { isFull: false }),
      );
      if (admission.kind === 'held') return { settled: heldUntil(admission.hold, number, now) };
      // Its limits may have been taken away since: not more than one look at them.
      return mayBeLimited
        ? beginOrSettle(deps, deliveryId, number, schedule, { mayRepeat, mayBeLimited: false })
        : { settled: immediately(number) };
    }
    case 'endpoint_gone':
      if (!(await withinLogPatience(isRemoved(deps.pool, beginning.endpointId)))) {
        return {
          settled: { kind: 'unavailable', next: number, why: 'PostgreSQL does not know the endpoint' },
        };
      }
      return { settled: withNext(await closeWith(deps, deliveryId, 'endpoint_deleted'), number) };
    case 'expired':
      return { settled: withNext(await closeWith(deps, deliveryId, 'expired'), number) };
    case 'not_in_log':
      return { settled: { kind: 'not_in_log', next: number } };
  }
}

const MAY_REPEAT = { mayRepeat: true } as const;

/** How a delivery has ended, or the attempt that is next when the log knows it again. */
export function withNext(closed: Ended | NotInLog, next: number): AttemptResult {
  return closed.kind === 'not_in_log' ? { ...closed, next } : closed;
}

/**
 * Lets a delivery through its endpoint's limits, or holds it. The first that is held starts the drain afterwards; if
 * this process dies in between, the attempt is made again, and starts it then.
 */
async function admit(
  deps: Dependencies,
  deliveryId: string,
  now: Date,
  room: { readonly isFull: boolean },
): Promise<LimitDecision> {
  const admission = await withinLogPatience(
    inTransaction(deps.pool, (client) => admitDelivery(client, deliveryId, now, room)),
  );
  if (admission.kind === 'held') deps.changes.tell({ kind: 'delivery', appId: null, id: deliveryId });
  if (admission.kind === 'held' && admission.isFirst) await deps.workflows.startDrain(admission.endpointId);
  return admission;
}

/**
 * Holds an attempt to a slow endpoint that has its share of this process's attempts in flight, as if that were a limit
 * of its own: it goes on at the pace of held deliveries.
 * @returns null when it is not to be held: a test, one that has ended, or one whose hold cannot be written now
 */
export async function holdCrowded(
  deps: Dependencies,
  deliveryId: string,
  endpointId: string,
  number: number,
): Promise<AttemptResult | null> {
  try {
    const now = deps.now();
    const admission = await deps.limitChecks.run([endpointId], () =>
      admit(deps, deliveryId, now, { isFull: true }),
    );
    return admission.kind === 'held' ? heldUntil(admission.hold, number, now) : null;
  } catch (error) {
    deps.logger.warn({ err: error, delivery_id: deliveryId }, 'could not hold a delivery');
    return null;
  }
}

function heldUntil({ expiresAt }: Hold, next: number, now: Date): AttemptResult {
  return { kind: 'held', next, forMs: Math.max(0, expiresAt.getTime() - now.getTime()) };
}

function immediately(next: number): AttemptResult {
  return { kind: 'retry', next, delayMs: 0, last: null };
}
