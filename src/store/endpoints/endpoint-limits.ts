import { dayAfter, dayOf, type Day } from '../../domain/day.js';
import { EARLY_TOLERANCE_MS } from '../attempts/begin-attempt.js';
import {
  GRANT_LASTS,
  holdEnds,
  lockDrainedEndpoint,
  type DrainedEndpoint,
  type Hold,
} from '../deliveries/held-deliveries.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/**
 * The limits of an endpoint: concurrent attempts, and attempts per second. Each attempt to such an endpoint needs a grant,
 * given under the endpoint's lock. A delivery without a grant is held; from then on, the endpoint's drain gives the
 * grants, the oldest delivery first.
 */

/** How many grants an endpoint can give now; if none, when to check again. */
export interface Room {
  readonly grants: number;
  readonly waitMs: number;
}

/** When to check again whether capacity has become free. */
const LOOK_AGAIN_MS = 100;

type Limits = Pick<DrainedEndpoint, 'rateLimit' | 'maxInFlight' | 'grantedDays'>;

/** The days, relative to today, that are always checked. Tomorrow's deliveries come from a clock that is ahead. */
const ALWAYS = [-1, 0, 1];

/**
 * The days whose deliveries count for an endpoint's limits. A statement that names no day would be planned for all of
 * them. Deliveries of older days are in flight only if they got a grant, and `grant` notes those days.
 */
function daysInUse({ grantedDays }: Pick<DrainedEndpoint, 'grantedDays'>): Day[] {
  const today = dayOf(new Date());
  return [...new Set([...ALWAYS.map((days) => dayAfter(today, days)), ...grantedDays])];
}

/** How many of `wanted` grants the endpoint can give now. Its row is locked. */
export async function roomOf(
  db: Queryable,
  endpointId: string,
  endpoint: Limits,
  wanted: number,
): Promise<Room> {
  const { rateLimit, maxInFlight } = endpoint;
  const rows = await rowsOf<{ inFlight: number; waitMs: number }>(
    db,
    sql`select (select count(*)::int from deliveries
         where endpoint_id = ${endpointId} and granted_at > clock_timestamp() - ${GRANT_LASTS}
           and not held and day = any (${daysInUse(endpoint)}::date[])) as in_flight,
       greatest(0, extract(epoch from next_slot_at - clock_timestamp()) * 1000)::float8 as wait_ms
     from endpoints where id = ${endpointId}`,
  );
  const { inFlight, waitMs } = onlyRow(rows);
  if (rateLimit !== null && waitMs > 0) return { grants: 0, waitMs };
  const free = maxInFlight === null ? wanted : Math.min(wanted, maxInFlight - inFlight);
  if (free < 1) return { grants: 0, waitMs: LOOK_AGAIN_MS };
  return { grants: rateLimit === null ? free : 1, waitMs: 0 };
}

/** Gives deliveries of a locked endpoint their grants. */
export async function grant(
  db: Queryable,
  endpointId: string,
  deliveries: readonly { readonly day: Day; readonly id: string }[],
): Promise<void> {
  const days = deliveries.map(({ day }) => day);
  const ids = deliveries.map(({ id }) => id);
  await db.query(
    sql`update deliveries d set granted_at = clock_timestamp()
     from unnest(${days}::date[], ${ids}::uuid[]) as granted (day, id)
     -- By the join alone every day would be planned for.
     where d.day = any (${days}::date[]) and d.day = granted.day and d.id = granted.id and d.completed_at is null`,
  );
  await db.query(
    sql`update endpoints
     set next_slot_at = greatest(next_slot_at, clock_timestamp())
       + ${deliveries.length} / rate_limit * interval '1 second'
     where id = ${endpointId} and rate_limit is not null`,
  );
  const yesterday = dayAfter(dayOf(new Date()), -1);
  const older = [...new Set(days)].filter((day) => day < yesterday);
  if (older.length === 0) return;
  await db.query(
    // Keep the earlier days whose deliveries may still be in flight.
    sql`update endpoints set granted_days = coalesce((
       select jsonb_object_agg(day, at) from jsonb_each(granted_days) as granted (day, at)
       where (at #>> '{}')::timestamptz > clock_timestamp() - ${GRANT_LASTS}
     ), '{}') || (select jsonb_object_agg(day, clock_timestamp()) from unnest(${older}::text[]) as day)
     where id = ${endpointId}`,
  );
}

/** `again`: the endpoint's limits are not what keeps it, it is not its time, or it is a test, which nothing holds. */
export type LimitDecision =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'again' }
  | { readonly kind: 'held'; readonly hold: Hold; readonly endpointId: string; readonly isFirst: boolean };

/**
 * Gives a delivery a grant, or holds it when there is no room or when others wait already. In a transaction.
 * `isFirst`: a drain may not be running, because no other delivery is held, or because this one was held before and is
 * attempted all the same: whoever held it may not have come to starting the drain.
 * @param isFull whether the process itself has no room, whatever the endpoint's limits
 */
export async function admitDelivery(
  db: Queryable,
  deliveryId: string,
  now: Date,
  { isFull }: { readonly isFull: boolean },
): Promise<LimitDecision> {
  const day = dayOfDelivery(deliveryId);
  const [found] = await rowsOf<{ endpointId: string; wasHeld: boolean }>(
    db,
    // The delivery before the endpoint, as everybody who locks both does.
    sql`select endpoint_id, held as was_held from deliveries
     where day = ${day} and id = ${deliveryId} and completed_at is null and trigger <> 'test'
       -- With limits of its own the attempt is known to be the next. With those of the process nobody has looked yet:
       -- what waits for its time goes on waiting, and what is under way is not to be taken from whoever makes it.
       and (not ${isFull}::boolean or (
         (status <> 'processing' or attempt_started_at < ${now}::timestamptz - ${GRANT_LASTS})
         and (next_attempt_at is null or next_attempt_at <= ${new Date(now.getTime() + EARLY_TOLERANCE_MS)})
       ))
     for update`,
  );
  const endpointId = found?.endpointId;
  const endpoint = endpointId === undefined ? null : await lockDrainedEndpoint(db, endpointId);
  if (endpointId === undefined || !endpoint?.takesDeliveries) return { kind: 'again' };

  const rows = await rowsOf<{ others: boolean }>(
    db,
    sql`select exists (
       select from deliveries
       where endpoint_id = ${endpointId} and held and reason = 'at_capacity' and id <> ${deliveryId}
         and day = any (${[...daysInUse(endpoint), day]}::date[])
     ) as others`,
  );
  const { others } = onlyRow(rows);
  const room = others || isFull ? null : await roomOf(db, endpointId, endpoint, 1);
  if (room !== null && room.grants > 0) {
    await grant(db, endpointId, [{ day, id: deliveryId }]);
    return { kind: 'admitted' };
  }
  const held = await rowsOf<Hold>(
    db,
    sql`update deliveries d
     set status = 'pending', next_attempt_at = null, held = true, hold_count = hold_count + 1, granted_at = null,
       held_at = ${now}, hold_ends_at = ${holdEnds(now)}, reason = 'at_capacity'
     from apps a where d.day = ${day} and d.id = ${deliveryId} and a.id = d.app_id
     returning d.hold_ends_at as expires_at`,
  );
  return { kind: 'held', hold: onlyRow(held), endpointId, isFirst: !others || found?.wasHeld === true };
}
