import { spansNewestFirst, type DaySpan } from '../database/day-spans.js';
import type { Delivery, DeliveryReason, DeliveryStatus, DeliveryTrigger } from '../../domain/delivery.js';
import { DELIVERY_COLUMNS, toDelivery, type DeliveryRow } from './deliveries.js';
import { MOST_RECENT, recentSql, type Undelivered } from '../events/event-lists.js';
import { earliest, newestFirst, type PageRequest } from '../../domain/page.js';
import { DAY_MS, type Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';

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
  if (kinds === null) return select(db, search, page, 'deliveries');
  const found: Delivery[] = [];
  for (const kind of kinds) {
    const undelivered = `(select * from deliveries where undelivered = '${kind}')`;
    found.push(...(await select(db, search, page, undelivered)));
  }
  // With a reason, it is not in its first attempt.
  if (search.filter.status === 'failed' || search.filter.reason !== undefined) return found;
  const inFirstAttempt = `(
    select * from deliveries d where ${scopeSql(search.scope)} and ${recentSql('d')}
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

/** The first six parameters. Unused ones are in the statement too, so that each has a type. */
function scopeSql({ endpointId, event }: DeliveryScope): string {
  const conditions = [
    'd.day between $1 and $2',
    'd.app_id = $3',
    ...(endpointId === undefined ? [] : ['d.endpoint_id = $4']),
    ...(event === undefined ? [] : ['d.event_id = $5']),
  ];
  return conditions.join(' and ');
}

async function select(
  db: Queryable,
  { scope, span, filter }: Search,
  page: PageRequest,
  from: string,
): Promise<Delivery[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from ${from} d
     where ${scopeSql(scope)}
       and ($4::uuid is null or d.endpoint_id = $4) and ($5::text is null or d.event_id = $5)
       and ($6::text is null or d.status = $6)
       and ($7::text is null or d.reason = $7)
       and ($8::text is null or d.event_type = $8)
       and ($9::text is null or d.trigger = $9)
       and ($10::timestamptz is null or d.created_at >= $10)
       and ($11::timestamptz is null or d.created_at < $11)
       and ($12::timestamptz is null or (d.created_at, d.id) < ($12, $13::uuid))
     order by d.created_at desc, d.id desc limit $14`,
    [
      span.first,
      span.last,
      scope.appId,
      scope.endpointId ?? null,
      scope.event?.id ?? null,
      filter.status ?? null,
      filter.reason ?? null,
      filter.eventType ?? null,
      filter.trigger ?? null,
      filter.since ?? null,
      filter.until ?? null,
      page.after?.createdAt ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
  return rows.map(toDelivery);
}
