import type { HoldReason } from '../../domain/delivery.js';
import type { Day } from '../../domain/day.js';
import { DEFAULT_SETTINGS } from '../../domain/app.js';
import { settingsOf, type StoredSettings } from '../apps/apps.js';
import { spansOldestFirst, type DaySpan } from '../database/day-spans.js';
import { takesDeliveries } from '../../domain/endpoint.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { Queryable } from '../database/pool.js';
import type { TrippedRule } from '../../domain/health-rule.js';

/**
 * Holding is a handshake. Whoever holds reads the endpoint again under its row's lock; whoever enables, resumes or
 * deletes it holds that lock for writing, and so does a drain when it looks for what is held. So either the held
 * delivery is seen by the drain that follows, or the endpoint's new state is seen here and nothing is held.
 */

/** A delivery that is held, until when at most. */
export interface Hold {
  readonly expiresAt: Date;
}

/** The end of a hold that begins at $3: after the application's `hold_hours` ($4 by default), or with its event. */
export const HOLD_ENDS = `least(d.expires_at,
  $3::timestamptz + coalesce((a.settings->>'hold_hours')::float8, $4) * interval '1 hour')`;

/**
 * Marks a delivery as held because its endpoint takes none now: disabled, about to be, or paused.
 * @returns null when that is not so any more, or the delivery has ended
 */
export async function holdDelivery(db: Queryable, deliveryId: string, now: Date): Promise<Hold | null> {
  const { rows } = await db.query<{ expires: Date }>(
    // Lock order everywhere: delivery, then endpoint.
    `with delivery as (
       select endpoint_id, app_id from deliveries where day = $1 and id = $2 for update
     ), endpoint as (
       select e.id, e.enabled and e.tripped is null as enabled, e.paused_at
       from delivery join endpoints e on e.id = delivery.endpoint_id for share of e
     )
     update deliveries d
     set status = 'pending', next_attempt_at = null, held = true, hold_count = hold_count + 1, granted_at = null,
       reason = case when endpoint.enabled then 'endpoint_paused' else 'endpoint_disabled' end
     from endpoint, apps a
     where d.day = $1 and d.id = $2 and d.completed_at is null and a.id = d.app_id
       and (not endpoint.enabled or endpoint.paused_at is not null)
     returning ${HOLD_ENDS} as expires`,
    [dayOfDelivery(deliveryId), deliveryId, now, DEFAULT_SETTINGS.hold_hours],
  );
  return rows[0] ? { expiresAt: rows[0].expires } : null;
}

/** A grant, or an attempt, without an outcome by then has been lost with its worker, and takes no place any more. */
export const GRANT_SECONDS = 60;

export interface HeldDelivery {
  readonly id: string;
  readonly day: Day;
  readonly workflowId: string;
  readonly reason: HoldReason;
  /** Which of its waits this is. */
  readonly holdCount: number;
  /** Let through its endpoint's limits already. */
  readonly isGranted: boolean;
}

/** An endpoint as a drain sees it, its row locked until the transaction ends. */
export interface DrainedEndpoint {
  readonly takesDeliveries: boolean;
  readonly rateLimit: number | null;
  readonly maxInFlight: number | null;
  /** The days before yesterday of whose deliveries some may be in flight, let through its limits. */
  readonly grantedDays: readonly Day[];
  /** The application's setting, in deliveries per second. */
  readonly drainPerSecond: number;
}

/** Null for an endpoint that has been deleted. */
export async function lockDrainedEndpoint(
  db: Queryable,
  endpointId: string,
): Promise<DrainedEndpoint | null> {
  const { rows } = await db.query<{
    enabled: boolean;
    tripped: TrippedRule | null;
    paused_at: Date | null;
    rate_limit: number | null;
    max_in_flight: number | null;
    granted_days: Day[];
    settings: StoredSettings;
  }>(
    `select e.enabled, e.tripped, e.paused_at, e.rate_limit, e.max_in_flight, a.settings, array(
       select day from jsonb_each_text(e.granted_days) as granted (day, at)
       where at::timestamptz > clock_timestamp() - ${GRANT_SECONDS} * interval '1 second'
     ) as granted_days
     from endpoints e join apps a on a.id = e.app_id where e.id = $1 for update of e`,
    [endpointId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    takesDeliveries: takesDeliveries({
      enabled: row.enabled,
      tripped: row.tripped,
      pausedAt: row.paused_at,
    }),
    rateLimit: row.rate_limit,
    maxInFlight: row.max_in_flight,
    grantedDays: row.granted_days,
    drainPerSecond: settingsOf(row.settings).drain_per_second,
  };
}

/** An endpoint's held deliveries, those of the oldest events first. */
export async function heldDeliveries(
  db: Queryable,
  endpointId: string,
  {
    untold,
    limit,
    since,
  }: {
    /** Not these. */
    readonly untold: ReadonlySet<string>;
    readonly limit: number;
    /** Events of this day and later; all of them without it. */
    readonly since?: Day | undefined;
  },
): Promise<HeldDelivery[]> {
  const held: HeldDelivery[] = [];
  for (const span of await spansOldestFirst(db, {
    from: since === undefined ? undefined : new Date(since),
  })) {
    held.push(...(await heldOfSpan(db, endpointId, span, { untold, limit: limit - held.length })));
    if (held.length >= limit) break;
  }
  return held;
}

async function heldOfSpan(
  db: Queryable,
  endpointId: string,
  { first, last }: DaySpan,
  { untold, limit }: { readonly untold: ReadonlySet<string>; readonly limit: number },
): Promise<HeldDelivery[]> {
  const { rows } = await db.query<{
    id: string;
    day: string;
    workflow_id: string;
    reason: HoldReason;
    hold_count: number;
    granted: boolean;
  }>(
    `select id, day::text as day, workflow_id, reason, hold_count,
       coalesce(granted_at > clock_timestamp() - ${GRANT_SECONDS} * interval '1 second', false) as granted
     from deliveries
     where endpoint_id = $1 and held and id <> all ($5::uuid[]) and day between $3 and $4
     order by created_at, id limit $2`,
    [endpointId, limit, first, last, [...untold]],
  );
  return rows.map((row) => ({
    id: row.id,
    day: row.day,
    workflowId: row.workflow_id,
    reason: row.reason,
    holdCount: row.hold_count,
    isGranted: row.granted,
  }));
}

/**
 * Locks those of an endpoint's held deliveries that nobody else has locked. Whoever locks a delivery first and then
 * waits for this endpoint is not waited for.
 */
export async function lockFree(db: Queryable, held: readonly HeldDelivery[]): Promise<HeldDelivery[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from deliveries
     where day = any ($1::date[]) and id = any ($2::uuid[]) and held for update skip locked`,
    [held.map(({ day }) => day), held.map(({ id }) => id)],
  );
  const free = new Set(rows.map(({ id }) => id));
  return held.filter(({ id }) => free.has(id));
}

/**
 * A deleted endpoint's deliveries that wait, in the order of their ids, which is that of days, after `after`, at most
 * `limit`.
 */
export async function waitingDeliveries(
  db: Queryable,
  endpointId: string,
  after: string | null,
  limit: number,
): Promise<{ id: string; workflowId: string }[]> {
  const waiting: { id: string; workflowId: string }[] = [];
  const from = after === null ? undefined : new Date(dayOfDelivery(after));
  for (const { first, last } of await spansOldestFirst(db, { from })) {
    const { rows } = await db.query<{ id: string; workflow_id: string }>(
      `select id, workflow_id from deliveries
       where endpoint_id = $1 and (held or next_attempt_at is not null) and ($2::uuid is null or id > $2)
         and day between $4 and $5
       order by id limit $3`,
      [endpointId, after, limit - waiting.length, first, last],
    );
    waiting.push(...rows.map((row) => ({ id: row.id, workflowId: row.workflow_id })));
    if (waiting.length >= limit) break;
  }
  return waiting;
}

/** Takes deliveries off the list of the held ones; those that are held again meanwhile stay on it. */
export async function markReleased(db: Queryable, held: readonly HeldDelivery[]): Promise<void> {
  await db.query(
    `update deliveries d
     set held = false, reason = case when d.completed_at is null then null else d.reason end,
       next_attempt_at = case when d.completed_at is null then clock_timestamp() end
     from unnest($1::date[], $2::uuid[], $3::int[]) as released (day, id, hold_count)
     -- By the join alone every day would be planned for.
     where d.day = any ($1::date[]) and d.day = released.day and d.id = released.id
       and d.hold_count = released.hold_count and d.held`,
    [held.map(({ day }) => day), held.map(({ id }) => id), held.map(({ holdCount }) => holdCount)],
  );
}
