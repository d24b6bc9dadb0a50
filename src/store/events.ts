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
  /** The first run of that workflow. */
  readonly runId: string;
  readonly deliveries: readonly NewDelivery[];
}

/** `again`: this very workflow had opened it before; `duplicate`: another one did, and delivers it. */
export type OpeningResult = 'opened' | 'again' | 'duplicate';

/** Records an event and its deliveries in one statement, once: the first to open an event id wins. */
export async function openEvent(db: Queryable, event: EventOpening, now: Date): Promise<OpeningResult> {
  const { rows } = await db.query<{ opened: boolean; opened_by: string | null }>(
    `with opening as (
       insert into event_keys (app_id, event_id, content_hash, day, opened_by)
       values ($2, $3, $5, $1, $9)
       on conflict do nothing
       returning 1
     ), event as (
       insert into events (day, app_id, id, event_type, body, created_at)
       select $1, $2, $3, $4, $6, $7 from opening
     ), delivery as (
       insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
         attempt_count, attempt_started_at, next_attempt_at, reason, expires_at, created_at)
       select $1, d.id, $2, $3, $4, d.endpoint_id, $10, $8, case when d.begun then 'processing' else 'pending' end,
         d.begun::int, case when d.begun then $14::timestamptz end,
         $15::timestamptz, case when $15::timestamptz is not null then 'scheduled' end, $16::timestamptz, $14
       from opening, unnest($11::uuid[], $12::uuid[], $13::boolean[]) as d (id, endpoint_id, begun)
     )
     select exists (select from opening) as opened,
       (select opened_by from event_keys where app_id = $2 and event_id = $3) as opened_by`,
    [
      dayOf(event.acceptedAt),
      event.appId,
      event.eventId,
      event.eventType,
      event.contentHash,
      event.body,
      event.acceptedAt,
      event.workflowId,
      event.runId,
      event.trigger,
      event.deliveries.map((delivery) => delivery.id),
      event.deliveries.map((delivery) => delivery.endpointId),
      event.deliveries.map((delivery) => delivery.begun),
      now,
      event.notBefore,
      event.expiresAt,
    ],
  );
  const row = onlyRow(rows);
  if (row.opened) return 'opened';
  // The statement's snapshot may be older than the key that stood in its way: then ask again.
  const openedBy = row.opened_by ?? (await findEventKey(db, event.appId, event.eventId))?.openedBy;
  return openedBy === event.runId ? 'again' : 'duplicate';
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
  const { rows } = await db.query<{ content_hash: Buffer; day: string; opened_by: string }>(
    'select content_hash, day::text as day, opened_by from event_keys where app_id = $1 and event_id = $2',
    [appId, eventId],
  );
  const [row] = rows;
  return row ? { contentHash: row.content_hash, day: row.day, openedBy: row.opened_by } : null;
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
