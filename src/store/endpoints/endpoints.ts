import type { Endpoint, EndpointActivity } from '../../domain/endpoint.js';
import { lockApp } from '../apps/apps.js';
import { lastTriggered } from './last-triggered.js';
import type { PageRequest } from '../../domain/page.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** The columns of an `Endpoint`. */
const COLUMNS = sql`id, app_id, url, event_types, retry_limit, schedule, description, metadata, enabled, disabled_at,
  disabled_reason, tripped, paused_at, rate_limit, max_in_flight, secret, previous_secrets, headers, created_at,
  updated_at`;

/** All of it but `tripped`: health rules trip in the statements that record attempts. */
export async function insertEndpoint(db: Queryable, endpoint: Endpoint): Promise<void> {
  await db.query(
    sql`insert into endpoints (id, app_id, url, event_types, retry_limit, schedule, description, metadata, enabled,
       disabled_at, disabled_reason, paused_at, rate_limit, max_in_flight, secret, previous_secrets, headers,
       created_at, updated_at)
     values (${endpoint.id}, ${endpoint.appId}, ${endpoint.url}, ${endpoint.eventTypes}, ${endpoint.retryLimit},
       ${scheduleOf(endpoint)}, ${endpoint.description}, ${JSON.stringify(endpoint.metadata)}, ${endpoint.enabled},
       ${endpoint.disabledAt}, ${endpoint.disabledReason}, ${endpoint.pausedAt}, ${endpoint.rateLimit},
       ${endpoint.maxInFlight}, ${endpoint.secret}, ${JSON.stringify(endpoint.previousSecrets)}, ${endpoint.headers},
       ${endpoint.createdAt}, ${endpoint.updatedAt})`,
  );
}

/** A text or a list: pg would take the one for JSON already, and the other for an array of SQL's. */
function scheduleOf({ schedule }: Endpoint): string | null {
  return schedule && JSON.stringify(schedule);
}

/**
 * How many endpoints an application has; nobody else can add or enable one until the transaction ends. Null when
 * there is no such application any more.
 */
export async function lockAndCountEndpoints(
  db: Queryable,
  appId: string,
): Promise<{ all: number; active: number } | null> {
  if (!(await lockApp(db, appId))) return null;
  const rows = await rowsOf<{ all: number; active: number }>(
    db,
    sql`select count(*)::int as all, (count(*) filter (where enabled))::int as active
     from endpoints where app_id = ${appId}`,
  );
  return onlyRow(rows);
}

/** Locks an application and its endpoints, so that nobody holds for one of them any more until the end. */
export async function lockEndpointsOfApp(db: Queryable, appId: string): Promise<void> {
  await lockApp(db, appId);
  await db.query(sql`select from endpoints where app_id = ${appId} order by id for update`);
}

/**
 * Writes every column but id, application and creation. Enabling it sets `failure_count` to 0, also when it is about
 * to be disabled by a rule.
 * @param enabling whether this is the wish to have it enabled, and not another change
 */
export async function updateEndpoint(db: Queryable, endpoint: Endpoint, enabling: boolean): Promise<void> {
  const { enabled } = endpoint;
  const isBeingEnabled = sql`(${enabled}::boolean and (not enabled or ${enabling}::boolean and tripped is not null))`;
  await db.query(
    sql`update endpoints set url = ${endpoint.url}, event_types = ${endpoint.eventTypes},
       retry_limit = ${endpoint.retryLimit}, schedule = ${scheduleOf(endpoint)},
       description = ${endpoint.description}, metadata = ${JSON.stringify(endpoint.metadata)},
       failure_count = case when ${isBeingEnabled} then 0 else failure_count end,
       failing_since = case when ${isBeingEnabled} then null else failing_since end,
       tripped = case when ${!enabled || enabling}::boolean then null else tripped end,
       enabled = ${enabled}, disabled_at = ${endpoint.disabledAt}, disabled_reason = ${endpoint.disabledReason},
       paused_at = ${endpoint.pausedAt}, rate_limit = ${endpoint.rateLimit}, max_in_flight = ${endpoint.maxInFlight},
       secret = ${endpoint.secret}, previous_secrets = ${JSON.stringify(endpoint.previousSecrets)},
       headers = ${endpoint.headers}, updated_at = ${endpoint.updatedAt}
     where id = ${endpoint.id} and app_id = ${endpoint.appId}`,
  );
}

/** The endpoint, its row locked until the transaction ends. */
export async function lockEndpoint(db: Queryable, appId: string, id: string): Promise<Endpoint | null> {
  const [endpoint] = await rowsOf<Endpoint>(
    db,
    sql`select ${COLUMNS} from endpoints where app_id = ${appId} and id = ${id} for update`,
  );
  return endpoint ?? null;
}

export async function findEndpoint(db: Queryable, appId: string, id: string): Promise<Endpoint | null> {
  const [endpoint] = await rowsOf<Endpoint>(
    db,
    sql`select ${COLUMNS} from endpoints where app_id = ${appId} and id = ${id}`,
  );
  return endpoint ?? null;
}

/** Those of the given endpoints that are there, by id. */
export async function findEndpoints(
  db: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, Endpoint>> {
  const rows = await rowsOf<Endpoint>(
    db,
    sql`select ${COLUMNS} from endpoints where app_id = ${appId} and id = any (${ids}::uuid[])`,
  );
  return new Map(rows.map((endpoint) => [endpoint.id, endpoint]));
}

/** An endpoint with what its deliveries made of it, for those who want to see that: it takes a look at them. */
export async function findEndpointWithActivity(
  db: Queryable,
  appId: string,
  id: string,
): Promise<(Endpoint & EndpointActivity) | null> {
  const found = await rowsOf<CountedEndpoint>(
    db,
    sql`select ${COLUMNS}, failure_count from endpoints where app_id = ${appId} and id = ${id}`,
  );
  return (await withActivity(db, found))[0] ?? null;
}

export async function listEndpoints(
  db: Queryable,
  appId: string,
  page: PageRequest,
): Promise<(Endpoint & EndpointActivity)[]> {
  return withActivity(db, await pageOfEndpoints(db, appId, page));
}

/** The same without a look at their deliveries. */
export async function pageOfEndpoints(
  db: Queryable,
  appId: string,
  page: PageRequest,
): Promise<CountedEndpoint[]> {
  const { createdAt, id } = page.after ?? {};
  return rowsOf<CountedEndpoint>(
    db,
    sql`select ${COLUMNS}, failure_count from endpoints
     where app_id = ${appId} and (${createdAt}::timestamptz is null or (created_at, id) < (${createdAt}, ${id}::uuid))
     order by created_at desc, id desc limit ${page.limit}`,
  );
}

/** Every endpoint of an application with what its deliveries made of it, newest first. */
export async function allEndpoints(db: Queryable, appId: string): Promise<(Endpoint & EndpointActivity)[]> {
  const found = await rowsOf<CountedEndpoint>(
    db,
    sql`select ${COLUMNS}, failure_count from endpoints where app_id = ${appId} order by created_at desc, id desc`,
  );
  return withActivity(db, found);
}

/** Every endpoint of an application, oldest first: what an event is matched against. */
export async function endpointsOfApp(db: Queryable, appId: string): Promise<Endpoint[]> {
  return rowsOf(db, sql`select ${COLUMNS} from endpoints where app_id = ${appId} order by created_at, id`);
}

/** Whose it is and where it sends to; null when it is gone. */
export async function addressOf(db: Queryable, id: string): Promise<{ appId: string; url: string } | null> {
  const [address] = await rowsOf<{ appId: string; url: string }>(
    db,
    sql`select app_id, url from endpoints where id = ${id}`,
  );
  return address ?? null;
}

/** Deletes an endpoint, and remembers that (`removed-ids.ts`). */
export async function deleteEndpoint(db: Queryable, appId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`with deleted as (
       delete from endpoints where app_id = ${appId} and id = ${id} returning id
     ), remembered as (
       insert into removed_ids (id) select id from deleted on conflict do nothing
     )
     select from deleted`,
  );
  return rowCount === 1;
}

/** With its failures in a row. */
export type CountedEndpoint = Endpoint & Pick<EndpointActivity, 'failureCount'>;

async function withActivity(
  db: Queryable,
  endpoints: readonly CountedEndpoint[],
): Promise<(Endpoint & EndpointActivity)[]> {
  const triggered = await lastTriggered(db, endpoints);
  return endpoints.map((endpoint) => ({ ...endpoint, lastTriggeredAt: triggered.get(endpoint.id) ?? null }));
}
