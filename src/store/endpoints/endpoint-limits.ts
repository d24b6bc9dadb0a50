import { DEFAULT_SETTINGS } from '../../domain/app.js';
import { dayAfter, dayOf, type Day } from '../../domain/day.js';
import { EARLY_TOLERANCE_MS } from '../attempts/begin-attempt.js';
import {
  GRANT_SECONDS,
  HOLD_ENDS,
  lockDrainedEndpoint,
  type DrainedEndpoint,
  type Hold,
} from '../deliveries/held-deliveries.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import { onlyRow, type Queryable } from '../database/pool.js';

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
  const { rows } = await db.query<{ in_flight: number; wait_ms: number }>(
    `select (select count(*)::int from deliveries
         where endpoint_id = $1 and granted_at > clock_timestamp() - $2 * interval '1 second'
           and not held and day = any ($3::date[])) as in_flight,
       greatest(0, extract(epoch from next_slot_at - clock_timestamp()) * 1000)::float8 as wait_ms
     from endpoints where id = $1`,
    [endpointId, GRANT_SECONDS, daysInUse(endpoint)],
  );
  const { in_flight: inFlight, wait_ms: waitMs } = onlyRow(rows);
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
  await db.query(
    `update deliveries d set granted_at = clock_timestamp()
     from unnest($1::date[], $2::uuid[]) as granted (day, id)
     -- By the join alone every day would be planned for.
     where d.day = any ($1::date[]) and d.day = granted.day and d.id = granted.id and d.completed_at is null`,
    [deliveries.map(({ day }) => day), deliveries.map(({ id }) => id)],
  );
  await db.query(
    `update endpoints
     set next_slot_at = greatest(next_slot_at, clock_timestamp()) + $2 / rate_limit * interval '1 second'
     where id = $1 and rate_limit is not null`,
    [endpointId, deliveries.length],
  );
  const yesterday = dayAfter(dayOf(new Date()), -1);
  const older = [...new Set(deliveries.map(({ day }) => day))].filter((day) => day < yesterday);
  if (older.length === 0) return;
  await db.query(
    // Keep the earlier days whose deliveries may still be in flight.
    `update endpoints set granted_days = coalesce((
       select jsonb_object_agg(day, at) from jsonb_each(granted_days) as granted (day, at)
       where (at #>> '{}')::timestamptz > clock_timestamp() - ${GRANT_SECONDS} * interval '1 second'
     ), '{}') || (select jsonb_object_agg(day, clock_timestamp()) from unnest($2::text[]) as day)
     where id = $1`,
    [endpointId, older],
  );
}

/** `again`: the endpoint's limits are not what keeps it, it is not its time, or it is a test, which nothing holds. */
export type Admission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'again' }
  | { readonly kind: 'held'; readonly hold: Hold; readonly endpointId: string; readonly isFirst: boolean };

/**
 * Gives a delivery a grant, or holds it when there is no room or when others wait already. In a transaction.
 * `isFirst`: no other delivery is held, so a drain may not be running.
 * @param isFull whether the process itself has no room, whatever the endpoint's limits
 */
export async function admitDelivery(
  db: Queryable,
  deliveryId: string,
  now: Date,
  { isFull }: { readonly isFull: boolean },
): Promise<Admission> {
  const day = dayOfDelivery(deliveryId);
  const { rows: found } = await db.query<{ endpoint_id: string }>(
    // The delivery before the endpoint, as everybody who locks both does.
    `select endpoint_id from deliveries
     where day = $1 and id = $2 and completed_at is null and trigger <> 'test'
       -- With limits of its own the attempt is known to be the next. With those of the process nobody has looked yet:
       -- what waits for its time goes on waiting, and what is under way is not to be taken from whoever makes it.
       and (not $3 or (
         (status <> 'processing' or attempt_started_at < $4::timestamptz - interval '${GRANT_SECONDS} seconds')
         and (next_attempt_at is null or next_attempt_at <= $5)
       ))
     for update`,
    [day, deliveryId, isFull, now, new Date(now.getTime() + EARLY_TOLERANCE_MS)],
  );
  const endpointId = found[0]?.endpoint_id;
  const endpoint = endpointId === undefined ? null : await lockDrainedEndpoint(db, endpointId);
  if (endpointId === undefined || !endpoint?.takesDeliveries) return { kind: 'again' };

  const { rows } = await db.query<{ others: boolean }>(
    `select exists (
       select from deliveries
       where endpoint_id = $1 and held and reason = 'at_capacity' and id <> $2 and day = any ($3::date[])
     ) as others`,
    [endpointId, deliveryId, [...daysInUse(endpoint), day]],
  );
  const { others } = onlyRow(rows);
  const room = others || isFull ? null : await roomOf(db, endpointId, endpoint, 1);
  if (room !== null && room.grants > 0) {
    await grant(db, endpointId, [{ day, id: deliveryId }]);
    return { kind: 'admitted' };
  }
  const { rows: held } = await db.query<{ expires: Date }>(
    `update deliveries d
     set status = 'pending', next_attempt_at = null, held = true, hold_count = hold_count + 1, granted_at = null,
       reason = 'at_capacity'
     from apps a where d.day = $1 and d.id = $2 and a.id = d.app_id
     returning ${HOLD_ENDS} as expires`,
    [day, deliveryId, now, DEFAULT_SETTINGS.hold_hours],
  );
  return { kind: 'held', hold: { expiresAt: onlyRow(held).expires }, endpointId, isFirst: !others };
}
