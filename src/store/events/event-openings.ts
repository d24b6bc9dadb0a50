import type { DeliveryTrigger } from '../../domain/delivery.js';
import type { StoredEvent } from '../../domain/event.js';
import { dayOf } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';
import { prepared, rowsOf, sql } from '../database/sql.js';

export interface NewDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** Attempt 1 follows at once: it is marked as begun with the opening write. */
  readonly begun: boolean;
  /** Its first attempt is the queue's: until it is delivered, lists find it as what is not. */
  readonly queued: boolean;
}

export interface EventOpening {
  readonly appId: string;
  /** The version of the application and its endpoints that the deliveries come from: see `Routes`. */
  readonly routesVersion: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly acceptedAt: Date;
  readonly contentHash: Buffer;
  readonly body: Buffer;
  readonly trigger: DeliveryTrigger;
  /** No first attempt before it; null for at once. */
  readonly notBefore: Date | null;
  /** No attempt after it. */
  readonly expiresAt: Date | null;
  readonly workflowId: string;
  /** Who opens it, so that a repetition is known: the first run of that workflow, or the batch's workflow. */
  readonly openedBy: string;
  readonly deliveries: readonly NewDelivery[];
}

/**
 * `again`: this very workflow had opened it before; `duplicate`: another one did, and delivers it; `conflict`: so it
 * did, with other content. `stale`: nothing was written, because the application or its endpoints are not as they were
 * when the deliveries were planned.
 */
export type OpeningResult = 'opened' | 'again' | 'duplicate' | 'conflict' | 'stale';

/** Records events with their deliveries in one statement, each once: the first to open an event id wins. */
export async function openEvents(
  db: Queryable,
  events: readonly EventOpening[],
  now: Date,
): Promise<OpeningResult[]> {
  const rows = await rowsOf<{ index: number; how: 'opened' | 'stale' }>(
    db,
    prepared('open-events', openingOf(events, now)),
  );
  const known = new Map(rows.map(({ index, how }) => [index, how]));
  const before = await openedBefore(
    db,
    events.filter((_, index) => !known.has(index)),
  );
  return events.map((event, index) => known.get(index) ?? before.get(event) ?? 'duplicate');
}

/**
 * Prepared once a connection: parsing and planning it takes as long as running it, and every first POST waits for it.
 * Of the log it reads nothing, so that a plan made while a day's partition is empty is as good as a later one (0019).
 */
function openingOf(events: readonly EventOpening[], now: Date) {
  const deliveries = events.flatMap((event, index) =>
    event.deliveries.map((delivery) => ({ ...delivery, index })),
  );
  return sql`
    with given as (
      select given.*, n::int - 1 as index, r.app_id is not null as is_current
      from unnest(
        ${events.map(({ acceptedAt }) => dayOf(acceptedAt))}::date[],
        ${events.map(({ appId }) => appId)}::uuid[],
        ${events.map(({ eventId }) => eventId)}::text[],
        ${events.map(({ eventType }) => eventType)}::text[],
        ${events.map(({ contentHash }) => contentHash)}::bytea[],
        ${events.map(({ body }) => body)}::bytea[],
        ${events.map(({ acceptedAt }) => acceptedAt)}::timestamptz[],
        ${events.map(({ trigger }) => trigger)}::text[],
        ${events.map(({ workflowId }) => workflowId)}::text[],
        ${events.map(({ openedBy }) => openedBy)}::text[],
        ${events.map(({ notBefore }) => notBefore)}::timestamptz[],
        ${events.map(({ expiresAt }) => expiresAt)}::timestamptz[],
        ${events.map((event) => event.deliveries.length === 0)}::boolean[],
        ${events.map(({ routesVersion }) => routesVersion)}::uuid[]
      ) with ordinality
        as given (day, app_id, event_id, event_type, content_hash, body, accepted_at, trigger, workflow_id, opener,
          not_before, expires_at, unmatched, routes_version, n)
      left join app_routes r on r.app_id = given.app_id and r.version = routes_version
    ), opening as (
      -- In this order, so that two who open the same events do not wait for each other.
      insert into event_keys (app_id, event_id, content_hash, day, opened_by)
      select app_id, event_id, content_hash, day, opener from given where is_current order by app_id, event_id, n
      on conflict do nothing
      returning app_id, event_id, opened_by
    ), opened as (
      select given.* from given join opening using (app_id, event_id) where opened_by = opener
    ), event as (
      insert into events (day, app_id, id, event_type, body, created_at, unmatched)
      select day, app_id, event_id, event_type, body, accepted_at, unmatched from opened
    ), delivery as (
      insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
        attempt_count, attempt_started_at, next_attempt_at, reason, expires_at, queued, created_at)
      select o.day, d.id, o.app_id, o.event_id, o.event_type, d.endpoint_id, o.trigger, o.workflow_id,
        case when d.begun then 'processing' else 'pending' end, d.begun::int,
        case when d.begun then ${now}::timestamptz end,
        -- One that is opened late is due: nobody looks through its day again for what nobody carries on.
        coalesce(o.not_before,
          case when o.accepted_at < ${now}::timestamptz - interval '1 minute' then ${now}::timestamptz end),
        case when o.not_before is not null then 'scheduled' end, o.expires_at, d.queued, ${now}
      from opened o
      join unnest(
        ${deliveries.map(({ index }) => index)}::int[],
        ${deliveries.map(({ id }) => id)}::uuid[],
        ${deliveries.map(({ endpointId }) => endpointId)}::uuid[],
        ${deliveries.map(({ begun }) => begun)}::boolean[],
        ${deliveries.map(({ queued }) => queued)}::boolean[]
      ) as d (index, id, endpoint_id, begun, queued) on d.index = o.index
    )
    select index, 'opened' as how from opened
    union all select index, 'stale' from given where not is_current`;
}

/**
 * How those were opened that are not to be opened now. Asked for in a statement of its own: the snapshot of the opening
 * may be older than what stood in its way.
 */
async function openedBefore(
  db: Queryable,
  events: readonly EventOpening[],
): Promise<ReadonlyMap<EventOpening | undefined, OpeningResult>> {
  if (events.length === 0) return new Map();
  const rows = await rowsOf<{ index: number; how: OpeningResult }>(
    db,
    sql`select n::int - 1 as index, case
         when k.opened_by = opener then 'again'
         when k.content_hash = hash then 'duplicate'
         else 'conflict' end as how
     from unnest(
       ${events.map(({ appId }) => appId)}::uuid[],
       ${events.map(({ eventId }) => eventId)}::text[],
       ${events.map(({ openedBy }) => openedBy)}::text[],
       ${events.map(({ contentHash }) => contentHash)}::bytea[]
     ) with ordinality as given (app_id, event_id, opener, hash, n)
     join event_keys k using (app_id, event_id)`,
  );
  return new Map(rows.map(({ index, how }) => [events[index], how]));
}

/** Adds deliveries to an event in the log, each once. */
export async function addDeliveries(
  db: Queryable,
  event: StoredEvent,
  deliveries: readonly Pick<NewDelivery, 'id' | 'endpointId'>[],
  cause: { readonly trigger: DeliveryTrigger; readonly workflowId: string; readonly jobId: string | null },
  now: Date,
): Promise<void> {
  const { trigger, workflowId, jobId } = cause;
  await db.query(
    sql`insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
       attempt_count, next_attempt_at, job_id, created_at)
     select ${event.day}, d.id, ${event.appId}, ${event.id}, ${event.eventType}, d.endpoint_id, ${trigger},
       ${workflowId}, 'pending', 0, ${now}, ${jobId}, ${now}
     from unnest(
       ${deliveries.map(({ id }) => id)}::uuid[], ${deliveries.map(({ endpointId }) => endpointId)}::uuid[]
     ) as d (id, endpoint_id)
     on conflict do nothing`,
  );
}
