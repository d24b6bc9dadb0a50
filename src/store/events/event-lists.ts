import { spansNewestFirst, type DaySpan } from '../database/day-spans.js';
import type { EventStatus } from '../../domain/event.js';
import { statusOfEvent } from './events.js';
import { earliest, type PageRequest, type Position } from '../../domain/page.js';
import type { Queryable } from '../database/pool.js';
import { raw, rowsOf, sql, type Sql } from '../database/sql.js';

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
      return eventsByTime(db, search, page, sql`true`);
    case 'unmatched':
      return eventsByTime(db, search, page, sql`e.unmatched`);
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

type EventRow = Omit<ListedEvent, 'appId'>;

const ofSpan = ({ span }: Search) => sql`day between ${span.first} and ${span.last}`;
const statusWithin = (search: Search) => statusOfEvent(sql`and d.${ofSpan(search)}`);

/** The events `e` that are searched, whatever their status. */
function filtered(search: Search, { after }: PageRequest): Sql {
  const { eventType, since, until } = search.filter;
  return sql`e.app_id = ${search.appId} and e.${ofSpan(search)}
    and (${eventType}::text is null or e.event_type = ${eventType})
    and (${since}::timestamptz is null or e.created_at >= ${since})
    and (${until}::timestamptz is null or e.created_at < ${until})
    and (${after?.createdAt}::timestamptz is null or (e.created_at, e.id) < (${after?.createdAt}, ${after?.id}))`;
}

/** By their own index: all of them are looked at until enough are found. */
async function eventsByTime(
  db: Queryable,
  search: Search,
  page: PageRequest,
  among: Sql,
): Promise<ListedEvent[]> {
  const { status } = search.filter;
  const rows = await rowsOf<EventRow>(
    db,
    sql`select e.id, e.event_type, e.created_at, s.status
     from events e, lateral (select ${statusWithin(search)} as status) s
     where ${filtered(search, page)} and ${among} and (${status}::text is null or s.status = ${status})
     order by e.created_at desc, e.id desc limit ${page.limit}`,
  );
  return rows.map((row) => ({ ...row, appId: search.appId }));
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
  const { appId, filter } = search;
  const { eventType, status, since, until } = filter;
  const found: ListedEvent[] = [];
  let { after } = page;
  for (;;) {
    const rows = await rowsOf<EventRow>(
      db,
      sql`select c.event_id as id, e.event_type, c.accepted_at as created_at, s.status
       from (
         select distinct day, accepted_at, event_id from deliveries
         where app_id = ${appId} and ${ofSpan(search)} and undelivered = ${undelivered}
           and (${eventType}::text is null or event_type = ${eventType})
           and (${since}::timestamptz is null or accepted_at >= ${since})
           and (${until}::timestamptz is null or accepted_at < ${until})
           and (${after?.createdAt}::timestamptz is null
             or (accepted_at, event_id) < (${after?.createdAt}, ${after?.id}))
         order by accepted_at desc, event_id desc limit ${CANDIDATES}
       ) c
       left join events e on e.${ofSpan(search)} and e.day = c.day and e.app_id = ${appId} and e.id = c.event_id
       left join lateral (select ${statusWithin(search)} as status) s on e.id is not null
       order by c.accepted_at desc, c.event_id desc`,
    );
    const events = rows.map((row) => ({ ...row, appId }));
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
export const recent = (of: Sql) =>
  sql`${of}.created_at > now() - ${raw(`interval '${IN_FIRST_ATTEMPT.seconds} seconds'`)}`;
export const MOST_RECENT: number = IN_FIRST_ATTEMPT.most;

async function eventsInFirstAttempt(
  db: Queryable,
  search: Search,
  page: PageRequest,
): Promise<ListedEvent[]> {
  const rows = await rowsOf<EventRow>(
    db,
    sql`select e.id, e.event_type, e.created_at, s.status
     from (
       select * from events e where ${filtered(search, page)} and ${recent(sql`e`)}
       order by e.created_at desc, e.id desc limit ${MOST_RECENT}
     ) e, lateral (select ${statusWithin(search)} as status) s
     where s.status = 'pending'
     order by e.created_at desc, e.id desc limit ${page.limit}`,
  );
  return rows.map((row) => ({ ...row, appId: search.appId }));
}

/** Each once, in the order of the lists: PostgreSQL alone knows how it compares ids. */
async function inOrder(db: Queryable, found: readonly ListedEvent[], limit: number): Promise<ListedEvent[]> {
  const byId = new Map(found.map((event) => [event.id, event]));
  const events = [...byId.values()];
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`select id from unnest(
       ${events.map(({ id }) => id)}::text[], ${events.map(({ createdAt }) => createdAt)}::timestamptz[]
     ) as event (id, created_at)
     order by created_at desc, id desc limit ${limit}`,
  );
  return rows.flatMap(({ id }) => byId.get(id) ?? []);
}
