import type { DeliveryTrigger } from './deliveries.js';
import { dayOf, type Day } from './partitions.js';
import type { PageRequest } from './page.js';
import { onlyRow, type Queryable } from './pool.js';

/** An event as the log has it. */
export interface StoredEvent {
  readonly day: Day;
  readonly appId: string;
  readonly id: string;
  readonly eventType: string;
  /** The exact bytes that are signed and sent. */
  readonly body: Buffer;
  readonly createdAt: Date;
}

export interface NewDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** Attempt 1 follows at once: it is marked as begun with the opening write. */
  readonly begun: boolean;
}

export interface EventOpening {
  readonly appId: string;
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
  /** What knows itself again by it: the first run of that workflow, or the batch's workflow. */
  readonly openedBy: string;
  readonly deliveries: readonly NewDelivery[];
}

/** `again`: this very workflow had opened it before; `duplicate`: another one did, and delivers it. */
export type OpeningResult = 'opened' | 'again' | 'duplicate';

/** Records events with their deliveries in one statement, each once: the first to open an event id wins. */
export async function openEvents(
  db: Queryable,
  events: readonly EventOpening[],
  now: Date,
): Promise<OpeningResult[]> {
  const deliveries = events.flatMap((event, index) =>
    event.deliveries.map((delivery) => ({ ...delivery, event: index + 1 })),
  );
  const { rows } = await db.query<{ opened: boolean; opened_by: string | null }>(
    `with given as (
       select * from unnest($1::date[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::timestamptz[],
         $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[]) with ordinality
         as given (day, app_id, event_id, event_type, content_hash, body, accepted_at, trigger, workflow_id, opener,
           not_before, expires_at, n)
     ), opening as (
       -- In this order, so that two who open the same events do not wait for each other.
       insert into event_keys (app_id, event_id, content_hash, day, opened_by)
       select app_id, event_id, content_hash, day, opener from given order by app_id, event_id
       on conflict do nothing
       returning app_id, event_id, opened_by
     ), opened as (
       select given.* from given join opening using (app_id, event_id) where opened_by = opener
     ), event as (
       insert into events (day, app_id, id, event_type, body, created_at)
       select day, app_id, event_id, event_type, body, accepted_at from opened
     ), delivery as (
       insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
         attempt_count, attempt_started_at, next_attempt_at, reason, expires_at, created_at)
       select o.day, d.id, o.app_id, o.event_id, o.event_type, d.endpoint_id, o.trigger, o.workflow_id,
         case when d.begun then 'processing' else 'pending' end, d.begun::int, case when d.begun then $13::timestamptz end,
         o.not_before, case when o.not_before is not null then 'scheduled' end, o.expires_at, $13
       from opened o
       join unnest($14::int[], $15::uuid[], $16::uuid[], $17::boolean[]) as d (n, id, endpoint_id, begun) on d.n = o.n
     )
     select o.n is not null as opened, k.opened_by
     from given g
     left join opened o on o.n = g.n
     left join event_keys k on k.app_id = g.app_id and k.event_id = g.event_id
     order by g.n`,
    [
      events.map(({ acceptedAt }) => dayOf(acceptedAt)),
      events.map(({ appId }) => appId),
      events.map(({ eventId }) => eventId),
      events.map(({ eventType }) => eventType),
      events.map(({ contentHash }) => contentHash),
      events.map(({ body }) => body),
      events.map(({ acceptedAt }) => acceptedAt),
      events.map(({ trigger }) => trigger),
      events.map(({ workflowId }) => workflowId),
      events.map(({ openedBy }) => openedBy),
      events.map(({ notBefore }) => notBefore),
      events.map(({ expiresAt }) => expiresAt),
      now,
      deliveries.map(({ event }) => event),
      deliveries.map(({ id }) => id),
      deliveries.map(({ endpointId }) => endpointId),
      deliveries.map(({ begun }) => begun),
    ],
  );
  return Promise.all(
    events.map(async (event, index): Promise<OpeningResult> => {
      const row = rows[index];
      if (row?.opened) return 'opened';
      // The statement's snapshot may be older than the key that stood in its way: then ask again.
      const openedBy = row?.opened_by ?? (await findEventKey(db, event.appId, event.eventId))?.openedBy;
      return openedBy === event.openedBy ? 'again' : 'duplicate';
    }),
  );
}

/** Adds deliveries to an event in the log, each once. */
export async function addDeliveries(
  db: Queryable,
  event: StoredEvent,
  deliveries: readonly Pick<NewDelivery, 'id' | 'endpointId'>[],
  cause: { readonly trigger: DeliveryTrigger; readonly workflowId: string; readonly jobId: string | null },
  now: Date,
): Promise<void> {
  await db.query(
    `insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
       attempt_count, job_id, created_at)
     select $1, d.id, $2, $3, $4, d.endpoint_id, $5, $6, 'pending', 0, $10, $9
     from unnest($7::uuid[], $8::uuid[]) as d (id, endpoint_id)
     on conflict do nothing`,
    [
      event.day,
      event.appId,
      event.id,
      event.eventType,
      cause.trigger,
      cause.workflowId,
      deliveries.map((delivery) => delivery.id),
      deliveries.map((delivery) => delivery.endpointId),
      now,
      cause.jobId,
    ],
  );
}

export interface EventKey {
  readonly contentHash: Buffer;
  readonly day: Day;
  readonly openedBy: string;
}

export async function findEventKey(db: Queryable, appId: string, eventId: string): Promise<EventKey | null> {
  return (await findEventKeys(db, appId, [eventId])).get(eventId) ?? null;
}

/** Those of an application's event ids that the log knows. */
export async function findEventKeys(
  db: Queryable,
  appId: string,
  eventIds: readonly string[],
): Promise<Map<string, EventKey>> {
  const { rows } = await db.query<{ event_id: string; content_hash: Buffer; day: string; opened_by: string }>(
    `select event_id, content_hash, day::text as day, opened_by from event_keys
     where app_id = $1 and event_id = any ($2::text[])`,
    [appId, eventIds],
  );
  return new Map(
    rows.map((row) => [
      row.event_id,
      { contentHash: row.content_hash, day: row.day, openedBy: row.opened_by },
    ]),
  );
}

interface EventRow {
  day: string;
  app_id: string;
  id: string;
  event_type: string;
  body: Buffer;
  created_at: Date;
}

export async function findEvent(db: Queryable, appId: string, id: string): Promise<StoredEvent | null> {
  const { rows } = await db.query<EventRow>(
    `select e.day::text as day, e.app_id, e.id, e.event_type, e.body, e.created_at
     from event_keys k join events e on e.day = k.day and e.app_id = k.app_id and e.id = k.event_id
     where k.app_id = $1 and k.event_id = $2`,
    [appId, id],
  );
  return rows[0] ? toEvent(rows[0]) : null;
}

export interface EventFilter {
  readonly eventType?: string | undefined;
  readonly status?: EventStatus | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

export const EVENT_STATUSES = ['pending', 'failed', 'cancelled', 'delivered', 'unmatched'] as const;

/** What became of an event, over the latest delivery to each endpoint. */
export type EventStatus = (typeof EVENT_STATUSES)[number];

/** An event in a list: without its body. */
export interface ListedEvent {
  readonly id: string;
  readonly appId: string;
  readonly eventType: string;
  readonly createdAt: Date;
  readonly status: EventStatus;
}

/** The latest delivery to each endpoint decides. */
const STATUS = `(select case
    when count(*) = 0 then 'unmatched'
    when bool_or(latest.completed_at is null) then 'pending'
    when bool_or(latest.status = 'failed' and latest.reason is distinct from 'cancelled') then 'failed'
    when bool_or(latest.status = 'failed') then 'cancelled'
    else 'delivered' end
  from (
    select distinct on (d.endpoint_id) d.status, d.reason, d.completed_at from deliveries d
    where d.day = e.day and d.app_id = e.app_id and d.event_id = e.id
    order by d.endpoint_id, d.created_at desc, d.id desc
  ) latest)`;

/** An application's events, newest first. */
export async function listEvents(
  db: Queryable,
  appId: string,
  filter: EventFilter,
  page: PageRequest,
): Promise<ListedEvent[]> {
  const { rows } = await db.query<Omit<EventRow, 'body'> & { status: EventStatus }>(
    `select e.day::text as day, e.app_id, e.id, e.event_type, e.created_at, s.status
     from events e, lateral (select ${STATUS} as status) s
     where e.app_id = $1
       and ($2::text is null or e.event_type = $2)
       and ($3::text is null or s.status = $3)
       and ($4::timestamptz is null or e.created_at >= $4)
       and ($5::timestamptz is null or e.created_at < $5)
       and ($6::timestamptz is null or (e.created_at, e.id) < ($6, $7))
     order by e.created_at desc, e.id desc limit $8`,
    [
      appId,
      filter.eventType ?? null,
      filter.status ?? null,
      filter.since ?? null,
      filter.until ?? null,
      page.after?.createdAt ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    appId: row.app_id,
    eventType: row.event_type,
    createdAt: row.created_at,
    status: row.status,
  }));
}

/** The status of one event in the log. */
export async function eventStatusOf(db: Queryable, event: StoredEvent): Promise<EventStatus> {
  const { rows } = await db.query<{ status: EventStatus }>(
    `select ${STATUS} as status from (select $1::date as day, $2::uuid as app_id, $3::text as id) e`,
    [event.day, event.appId, event.id],
  );
  return onlyRow(rows).status;
}

function toEvent(row: EventRow): StoredEvent {
  return {
    day: row.day,
    appId: row.app_id,
    id: row.id,
    eventType: row.event_type,
    body: row.body,
    createdAt: row.created_at,
  };
}
