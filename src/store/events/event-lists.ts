import { spansNewestFirst, type DaySpan } from '../database/day-spans.js';
import type { EventStatus } from '../../domain/event.js';
import { statusSql } from './events.js';
import { earliest, type PageRequest, type Position } from '../../domain/page.js';
import type { Queryable } from '../database/pool.js';

/**
 * Lists of events, each found by the index that leads to what is asked for: those that are not delivered by their
 * deliveries that are not, which may be few among millions.
 */

export interface EventFilter {
  readonly eventType?: string | undefined;
  readonly status?: EventStatus | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** An event in a list: without its body. */
export interface ListedEvent extends Position {
  readonly appId: string;
  readonly eventType: string;
  readonly status: EventStatus;
}

interface EventRow {
  id: string;
  event_type: string;
  created_at: Date;
  status: EventStatus;
}

/** An application's events, newest first. Days have the same order. */
export async function listEvents(
  db: Queryable,
  appId: string,
  filter: EventFilter,
  page: PageRequest,
): Promise<ListedEvent[]> {
  const to = earliest(filter.until, page.after?.createdAt);
  const spans = await spansNewestFirst(db, { from: filter.since, to });
  const found: ListedEvent[] = [];
  for (const span of spans) {
    const rest = { ...page, limit: page.limit - found.length };
    found.push(...(await eventsOfSpan(db, { appId, span, filter }, rest)));
    if (found.length >= page.limit) break;
  }
  return found;
}

interface Search {
  readonly appId: string;
  readonly span: DaySpan;
  readonly filter: EventFilter;
}

async function eventsOfSpan(db: Queryable, search: Search, page: PageRequest): Promise<ListedEvent[]> {
  const { status } = search.filter;
  switch (status) {
    case undefined:
    case 'delivered':
      return eventsByTime(db, search, page, 'true');
    case 'unmatched':
      return eventsByTime(db, search, page, 'e.unmatched');
    case 'failed':
    case 'cancelled':
      return eventsByDeliveries(db, search, page, status);
    case 'pending':
      return inOrder(
        db,
        [
          ...(await eventsByDeliveries(db, search, page, 'open')),
          ...(await eventsInFirstAttempt(db, search, page)),
        ],
        page.limit,
      );
  }
}

/** The first eight parameters of every statement here. */
function parametersOf({ appId, span, filter }: Search, { after }: PageRequest): unknown[] {
  const { eventType = null, since = null, until = null } = filter;
  return [appId, span.first, span.last, eventType, since, until, after?.createdAt ?? null, after?.id ?? null];
}

const OF_SPAN = 'day between $2 and $3';
const FILTERED = `e.app_id = $1 and e.${OF_SPAN}
  and ($4::text is null or e.event_type = $4)
  and ($5::timestamptz is null or e.created_at >= $5)
  and ($6::timestamptz is null or e.created_at < $6)
  and ($7::timestamptz is null or (e.created_at, e.id) < ($7, $8))`;
const STATUS = statusSql(`and d.${OF_SPAN}`);

/** By their own index: all of them are looked at until enough are found. */
async function eventsByTime(
  db: Queryable,
  search: Search,
  page: PageRequest,
  among: string,
): Promise<ListedEvent[]> {
  const { rows } = await db.query<EventRow>(
    `select e.id, e.event_type, e.created_at, s.status
     from events e, lateral (select ${STATUS} as status) s
     where ${FILTERED} and ${among} and ($9::text is null or s.status = $9)
     order by e.created_at desc, e.id desc limit $10`,
    [...parametersOf(search, page), search.filter.status ?? null, page.limit],
  );
  return rows.map((row) => toListed(search, row));
}

/** The values of `deliveries.undelivered`. */
export type Undelivered = 'open' | 'failed' | 'cancelled';

/** Events checked per statement. */
const CANDIDATES = 500;

/** By the index of deliveries that are not delivered. Not each of them makes its event so: later ones may count. */
async function eventsByDeliveries(
  db: Queryable,
  search: Search,
  page: PageRequest,
  undelivered: Undelivered,
): Promise<ListedEvent[]> {
  const { status } = search.filter;
  const found: ListedEvent[] = [];
  let { after } = page;
  for (;;) {
    const { rows } = await db.query<EventRow & { event_type: string | null }>(
      `select c.event_id as id, e.event_type, c.accepted_at as created_at, s.status
       from (
         select distinct day, accepted_at, event_id from deliveries
         where app_id = $1 and ${OF_SPAN} and undelivered = $9
           and ($5::timestamptz is null or accepted_at >= $5)
           and ($6::timestamptz is null or accepted_at < $6)
           and ($7::timestamptz is null or (accepted_at, event_id) < ($7, $8))
         order by accepted_at desc, event_id desc limit $10
       ) c
       left join events e on e.${OF_SPAN} and e.day = c.day and e.app_id = $1 and e.id = c.event_id
         and ($4::text is null or e.event_type = $4)
       left join lateral (select ${STATUS} as status) s on e.id is not null
       order by c.accepted_at desc, c.event_id desc`,
      [...parametersOf(search, { ...page, after }), undelivered, CANDIDATES],
    );
    const events = rows.map((row) => toListed(search, row));
    found.push(...events.filter((event) => event.status === status));
    if (rows.length < CANDIDATES || found.length >= page.limit) return found.slice(0, page.limit);
    after = events.at(-1) ?? null;
  }
}

/**
 * A first attempt that is made with the opening has its outcome within so long, or begins anew, and so many are made
 * meanwhile at most: those are in no index, so that the fast path writes none.
 */
const IN_FIRST_ATTEMPT = { seconds: 120, most: 2_000 } as const;
/** What is from `of` and may be in such an attempt: the start of a statement's restriction. */
export const recentSql = (of: string) =>
  `${of}.created_at > now() - interval '${IN_FIRST_ATTEMPT.seconds} seconds'`;
export const MOST_RECENT: number = IN_FIRST_ATTEMPT.most;

async function eventsInFirstAttempt(
  db: Queryable,
  search: Search,
  page: PageRequest,
): Promise<ListedEvent[]> {
  const { rows } = await db.query<EventRow>(
    `select e.id, e.event_type, e.created_at, s.status
     from (
       select * from events e where ${FILTERED} and ${recentSql('e')} order by e.created_at desc, e.id desc limit $9
     ) e, lateral (select ${STATUS} as status) s
     where s.status = 'pending'
     order by e.created_at desc, e.id desc limit $10`,
    [...parametersOf(search, page), MOST_RECENT, page.limit],
  );
  return rows.map((row) => toListed(search, row));
}

/** Each once, in the order of the lists: PostgreSQL alone knows how it compares ids. */
async function inOrder(db: Queryable, found: readonly ListedEvent[], limit: number): Promise<ListedEvent[]> {
  const byId = new Map(found.map((event) => [event.id, event]));
  const events = [...byId.values()];
  const { rows } = await db.query<{ id: string }>(
    `select id from unnest($1::text[], $2::timestamptz[]) as event (id, created_at)
     order by created_at desc, id desc limit $3`,
    [events.map(({ id }) => id), events.map(({ createdAt }) => createdAt), limit],
  );
  return rows.flatMap(({ id }) => byId.get(id) ?? []);
}

function toListed({ appId }: Search, row: EventRow): ListedEvent {
  return {
    id: row.id,
    appId,
    eventType: row.event_type,
    createdAt: row.created_at,
    status: row.status,
  };
}
