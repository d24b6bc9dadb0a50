import { findVersionedApp, holdRoutes } from '../../store/apps/apps.js';
import { dayOf } from '../../domain/day.js';
import { endpointsOfApp } from '../../store/endpoints/endpoints.js';
import { openEvents, type EventOpening, type OpeningResult } from '../../store/events/event-openings.js';
import { ensurePartitions, holdDays, isMissingPartition } from '../../store/database/partitions.js';
import { inTransaction, onlyRow } from '../../store/database/pool.js';
import type { Routes } from '../../store/endpoints/routing.js';
import type { Dependencies } from '../dependencies.js';
import type { Plan } from './plan-opening.js';

/** A day is dropped when its last event is a day old, or later: long before that it is looked after. */
const MAY_BE_DROPPED_AFTER_MS = 43_200_000;

/** What became of a plan in the log. */
export interface Recorded {
  readonly plan: Plan;
  readonly result: OpeningResult;
}

/** Records an event, with those of others. Its day is kept from being dropped meanwhile if that is old. */
export async function recordPlan(
  deps: Dependencies,
  plan: Plan,
  begun: ReadonlySet<string>,
): Promise<Recorded> {
  const { pool, log, now } = deps;
  const opening = openingOf(plan, begun);
  const age = now().getTime() - opening.acceptedAt.getTime();
  const result = await onItsDay(deps, opening.acceptedAt, () =>
    age < MAY_BE_DROPPED_AFTER_MS
      ? log.open(opening)
      : inTransaction(pool, async (client) => {
          await holdDays(client, [dayOf(opening.acceptedAt)]);
          return onlyRow(await openEvents(client, [opening], now()));
        }),
  );
  tellOpened(deps, opening, result);
  return { plan, result };
}

/**
 * Records events of one day by routes that nobody changes meanwhile: they are read, and held as they are, in the same
 * transaction. Null when the application is gone.
 */
export async function recordWhileHeld(
  deps: Dependencies,
  appId: string,
  acceptedAt: Date,
  plansBy: (routes: Routes) => readonly Plan[],
): Promise<{ readonly routes: Routes; readonly recorded: readonly Recorded[] } | null> {
  const done = await onItsDay(deps, acceptedAt, () =>
    inTransaction(deps.pool, async (client) => {
      await holdDays(client, [dayOf(acceptedAt)]);
      await holdRoutes(client, appId);
      const found = await findVersionedApp(client, appId);
      if (!found) return null;
      const routes = { ...found, endpoints: await endpointsOfApp(client, appId) };
      const plans = plansBy(routes);
      const openings = plans.map((plan) => openingOf(plan, new Set()));
      const results = await openEvents(client, openings, deps.now());
      return {
        routes,
        recorded: plans.map((plan, index): Recorded => ({ plan, result: results[index] ?? 'stale' })),
      };
    }),
  );
  for (const { plan, result } of done?.recorded ?? []) tellOpened(deps, plan.opening, result);
  return done;
}

/** Those who stream hear of an event when it is in the log. */
function tellOpened(
  { changes }: Dependencies,
  { appId, eventId: id, acceptedAt }: Pick<EventOpening, 'appId' | 'eventId' | 'acceptedAt'>,
  result: OpeningResult,
): void {
  if (result === 'opened') changes.tell({ kind: 'event', appId, day: dayOf(acceptedAt), id });
}

function openingOf({ opening, deliveries }: Plan, begun: ReadonlySet<string>): EventOpening {
  return {
    ...opening,
    deliveries: deliveries.map(({ open: { id, endpointId }, isDispatched }) => ({
      id,
      endpointId,
      begun: begun.has(id),
      queued: !isDispatched,
    })),
  };
}

/** The partition of today is made ahead; that of an event which waited for long may be missing. */
async function onItsDay<T>({ pool }: Dependencies, acceptedAt: Date, record: () => Promise<T>): Promise<T> {
  try {
    return await record();
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    await ensurePartitions(pool, acceptedAt, 1);
    return record();
  }
}
