import { spansNewestFirst, type DaySpan } from '../database/day-spans.js';
import type { Delivery, DeliveryReason, DeliveryStatus, DeliveryTrigger } from '../../domain/delivery.js';
import { DELIVERY_COLUMNS, toDelivery } from './deliveries.js';
import { MOST_RECENT, recent, type Undelivered } from '../events/event-lists.js';
import { earliest, newestFirst, type PageRequest } from '../../domain/page.js';
import { DAY_MS, type Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';
import { join, rowsOf, sql, type Sql } from '../database/sql.js';

/** Lists of deliveries, each using the index that fits its filter. */

/** Whose deliveries: an application's, all, or those to one endpoint, or of one event. */
export interface DeliveryScope {
  readonly appId: string;
  readonly endpointId?: string | undefined;
  readonly event?: { readonly id: string; readonly day: Day } | undefined;
}

export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  readonly reason?: DeliveryReason | undefined;
  readonly eventType?: string | undefined;
  readonly trigger?: DeliveryTrigger | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/**
 * Deliveries, newest first. A delivery is kept under the day of its event, which may be much older: so each day is
 * asked for its newest.
 */
export async function listDeliveries(
  db: Queryable,
  scope: DeliveryScope,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Delivery[]> {
  const { event } = scope;
  const last = earliest(filter.until, page.after?.createdAt);
  const spans = event
    ? [{ first: event.day, last: event.day }]
    : // No delivery is older than its event, by the clocks of two hosts.
      await spansNewestFirst(db, { to: last && new Date(last.getTime() + DAY_MS) });
  let found: Delivery[] = [];
  for (const span of spans) {
    found = newestFirst(
      [...found, ...(await deliveriesOfSpan(db, { scope, span, filter }, page))],
      page.limit,
    );
  }
  return found;
}

interface Search {
  readonly scope: DeliveryScope;
  readonly span: DaySpan;
  readonly filter: DeliveryFilter;
}

async function deliveriesOfSpan(db: Queryable, search: Search, page: PageRequest): Promise<Delivery[]> {
  const kinds = undeliveredKinds(search.filter);
  if (kinds === null) return select(db, search, page, sql`deliveries`);
  const found: Delivery[] = [];
  for (const kind of kinds) {
    const undelivered = sql`(select * from deliveries where undelivered = ${kind})`;
    found.push(...(await select(db, search, page, undelivered)));
  }
  // With a reason, it is not in its first attempt.
  if (search.filter.status === 'failed' || search.filter.reason !== undefined) return found;
  const inFirstAttempt = sql`(
    select * from deliveries d where ${within(search)} and ${recent(sql`d`)}
    order by d.created_at desc, d.id desc limit ${MOST_RECENT}
  )`;
  return [...found, ...(await select(db, search, page, inFirstAttempt))];
}

/** Under which of the values of `undelivered` those that are asked for are found; null: under none of them alone. */
function undeliveredKinds({ status, reason }: DeliveryFilter): readonly Undelivered[] | null {
  switch (reason) {
    case 'scheduled':
    case 'endpoint_paused':
    case 'endpoint_disabled':
    case 'at_capacity':
      return ['open'];
    case 'cancelled':
      return ['cancelled'];
    case 'exhausted':
    case 'refused':
    case 'expired':
    case 'endpoint_deleted':
      return ['failed'];
    case undefined:
      break;
  }
  switch (status) {
    case 'pending':
    case 'processing':
      return ['open'];
    case 'failed':
      return ['open', 'failed', 'cancelled'];
    case 'delivered':
    case undefined:
      return null;
  }
}

function within({ scope, span }: Search): Sql {
  const { appId, endpointId, event } = scope;
  return join(
    [
      sql`d.day between ${span.first} and ${span.last}`,
      sql`d.app_id = ${appId}`,
      ...(endpointId === undefined ? [] : [sql`d.endpoint_id = ${endpointId}`]),
      ...(event === undefined ? [] : [sql`d.event_id = ${event.id}`]),
    ],
    ' and ',
  );
}

async function select(db: Queryable, search: Search, page: PageRequest, from: Sql): Promise<Delivery[]> {
  const { status, reason, eventType, trigger, since, until } = search.filter;
  const { createdAt, id } = page.after ?? {};
  const rows = await rowsOf<Delivery>(
    db,
    sql`select ${DELIVERY_COLUMNS} from ${from} d
     where ${within(search)}
       and (${status}::text is null or d.status = ${status})
       and (${reason}::text is null or d.reason = ${reason})
       and (${eventType}::text is null or d.event_type = ${eventType})
       and (${trigger}::text is null or d.trigger = ${trigger})
       and (${since}::timestamptz is null or d.created_at >= ${since})
       and (${until}::timestamptz is null or d.created_at < ${until})
       and (${createdAt}::timestamptz is null or (d.created_at, d.id) < (${createdAt}, ${id}::uuid))
     order by d.created_at desc, d.id desc limit ${page.limit}`,
  );
  return rows.map(toDelivery);
}
