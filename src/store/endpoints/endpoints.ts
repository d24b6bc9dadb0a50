import type { ScheduleChoice } from '../../domain/schedule.js';
import type { TrippedRule } from '../../domain/health-rule.js';
import type { Endpoint, EndpointActivity, PreviousSecret } from '../../domain/endpoint.js';
import { lockApp } from '../apps/apps.js';
import { lastTriggered } from './last-triggered.js';
import type { PageRequest } from '../../domain/page.js';
import { onlyRow, type Queryable } from '../database/pool.js';

interface EndpointRow {
  id: string;
  app_id: string;
  url: string;
  event_types: string[];
  retry_limit: number | null;
  schedule: ScheduleChoice | null;
  description: string | null;
  metadata: unknown;
  enabled: boolean;
  disabled_at: Date | null;
  disabled_reason: string | null;
  tripped: TrippedRule | null;
  paused_at: Date | null;
  rate_limit: number | null;
  max_in_flight: number | null;
  previous_secrets: PreviousSecret[];
  secret: Buffer | null;
  headers: Buffer | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `id, app_id, url, event_types, retry_limit, description, metadata, enabled, disabled_at,
  disabled_reason, secret, headers, updated_at, schedule, paused_at, rate_limit, max_in_flight, previous_secrets,
  created_at`;

/** Columns that are read but not written here: health rules trip in the statements that record attempts. */
const READ = `${COLUMNS}, tripped`;

export async function insertEndpoint(db: Queryable, endpoint: Endpoint): Promise<void> {
  await db.query(
    `insert into endpoints (${COLUMNS})
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [...valuesOf(endpoint), endpoint.createdAt],
  );
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
  const { rows } = await db.query<{ all: number; active: number }>(
    `select count(*)::int as all, (count(*) filter (where enabled))::int as active
     from endpoints where app_id = $1`,
    [appId],
  );
  return onlyRow(rows);
}

/** Locks an application and its endpoints, so that nobody holds for one of them any more until the end. */
export async function lockEndpointsOfApp(db: Queryable, appId: string): Promise<void> {
  await lockApp(db, appId);
  await db.query('select from endpoints where app_id = $1 order by id for update', [appId]);
}

const BEING_ENABLED = '($8 and (not enabled or $19 and tripped is not null))';

/**
 * Writes every column but id, application and creation. Enabling it sets `failure_count` to 0, also when it is about
 * to be disabled by a rule.
 * @param enabling whether this is the wish to have it enabled, and not another change
 */
export async function updateEndpoint(db: Queryable, endpoint: Endpoint, enabling: boolean): Promise<void> {
  await db.query(
    `update endpoints set url = $3, event_types = $4, retry_limit = $5, description = $6, metadata = $7,
       failure_count = case when ${BEING_ENABLED} then 0 else failure_count end,
       failing_since = case when ${BEING_ENABLED} then null else failing_since end,
       tripped = case when not $8 or $19 then null else tripped end,
       enabled = $8, disabled_at = $9, disabled_reason = $10, secret = $11, headers = $12, updated_at = $13,
       schedule = $14, paused_at = $15, rate_limit = $16, max_in_flight = $17, previous_secrets = $18
     where id = $1 and app_id = $2`,
    [...valuesOf(endpoint), enabling],
  );
}

/** The endpoint, its row locked until the transaction ends. */
export async function lockEndpoint(db: Queryable, appId: string, id: string): Promise<Endpoint | null> {
  const { rows } = await db.query<EndpointRow>(
    `select ${READ} from endpoints where app_id = $1 and id = $2 for update`,
    [appId, id],
  );
  return rows[0] ? toEndpoint(rows[0]) : null;
}

export async function findEndpoint(db: Queryable, appId: string, id: string): Promise<Endpoint | null> {
  const { rows } = await db.query<EndpointRow>(
    `select ${READ} from endpoints where app_id = $1 and id = $2`,
    [appId, id],
  );
  return rows[0] ? toEndpoint(rows[0]) : null;
}

/** An endpoint with what its deliveries made of it, for those who want to see that: it takes a look at them. */
export async function findEndpointWithActivity(
  db: Queryable,
  appId: string,
  id: string,
): Promise<(Endpoint & EndpointActivity) | null> {
  const { rows } = await db.query<EndpointRow & { failure_count: number }>(
    `select ${READ}, failure_count from endpoints where app_id = $1 and id = $2`,
    [appId, id],
  );
  return (await withActivity(db, rows))[0] ?? null;
}

export async function listEndpoints(
  db: Queryable,
  appId: string,
  page: PageRequest,
): Promise<(Endpoint & EndpointActivity)[]> {
  const { rows } = await db.query<EndpointRow & { failure_count: number }>(
    `select ${READ}, failure_count from endpoints
     where app_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
     order by created_at desc, id desc limit $4`,
    [appId, page.after?.createdAt ?? null, page.after?.id ?? null, page.limit],
  );
  return withActivity(db, rows);
}

/** Every endpoint of an application with what its deliveries made of it, newest first. */
export async function allEndpoints(db: Queryable, appId: string): Promise<(Endpoint & EndpointActivity)[]> {
  const { rows } = await db.query<EndpointRow & { failure_count: number }>(
    `select ${READ}, failure_count from endpoints where app_id = $1 order by created_at desc, id desc`,
    [appId],
  );
  return withActivity(db, rows);
}

/** Every endpoint of an application, oldest first: what an event is matched against. */
export async function endpointsOfApp(db: Queryable, appId: string): Promise<Endpoint[]> {
  const { rows } = await db.query<EndpointRow>(
    `select ${READ} from endpoints where app_id = $1 order by created_at, id`,
    [appId],
  );
  return rows.map(toEndpoint);
}

/** Whose it is and where it sends to; null when it is gone. */
export async function addressOf(db: Queryable, id: string): Promise<{ appId: string; url: string } | null> {
  const { rows } = await db.query<{ app_id: string; url: string }>(
    'select app_id, url from endpoints where id = $1',
    [id],
  );
  return rows[0] ? { appId: rows[0].app_id, url: rows[0].url } : null;
}

/** Deletes an endpoint, and remembers that (`removed-ids.ts`). */
export async function deleteEndpoint(db: Queryable, appId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with deleted as (
       delete from endpoints where app_id = $1 and id = $2 returning id
     ), remembered as (
       insert into removed_ids (id) select id from deleted on conflict do nothing
     )
     select from deleted`,
    [appId, id],
  );
  return rowCount === 1;
}

/** The values of `COLUMNS`, except the time of creation. */
function valuesOf(endpoint: Endpoint): unknown[] {
  return [
    endpoint.id,
    endpoint.appId,
    endpoint.url,
    endpoint.eventTypes,
    endpoint.retryLimit,
    endpoint.description,
    JSON.stringify(endpoint.metadata),
    endpoint.enabled,
    endpoint.disabledAt,
    endpoint.disabledReason,
    endpoint.secret,
    endpoint.headers,
    endpoint.updatedAt,
    // A text or a list: pg would take the one for JSON already, and the other for an array of SQL's.
    endpoint.schedule && JSON.stringify(endpoint.schedule),
    endpoint.pausedAt,
    endpoint.rateLimit,
    endpoint.maxInFlight,
    JSON.stringify(endpoint.previousSecrets),
  ];
}

async function withActivity(
  db: Queryable,
  rows: readonly (EndpointRow & { failure_count: number })[],
): Promise<(Endpoint & EndpointActivity)[]> {
  const triggered = await lastTriggered(db, rows.map(toEndpoint));
  return rows.map((row) => ({
    ...toEndpoint(row),
    failureCount: row.failure_count,
    lastTriggeredAt: triggered.get(row.id) ?? null,
  }));
}

function toEndpoint(row: EndpointRow): Endpoint {
  return {
    id: row.id,
    appId: row.app_id,
    url: row.url,
    eventTypes: row.event_types,
    retryLimit: row.retry_limit,
    schedule: row.schedule,
    description: row.description,
    metadata: row.metadata,
    enabled: row.enabled,
    disabledAt: row.disabled_at,
    disabledReason: row.disabled_reason,
    tripped: row.tripped,
    pausedAt: row.paused_at,
    rateLimit: row.rate_limit,
    maxInFlight: row.max_in_flight,
    previousSecrets: row.previous_secrets,
    secret: row.secret,
    headers: row.headers,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
