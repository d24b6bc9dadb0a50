import { consequencesOf, FINAL_REASONS } from '../../domain/delivery.js';
import type { EndpointStanding } from '../../domain/endpoint-health.js';
import type { AppSettings } from '../../domain/app.js';
import type { TrippedRule, HealthRule } from '../../domain/health-rule.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql, type Sql } from '../database/sql.js';
import { settingsOf, type StoredSettings } from '../apps/apps.js';

const COUNTED = FINAL_REASONS.filter((reason) => consequencesOf(reason).counts);

/** How the end of a delivery has moved its endpoint's health. */
export interface HealthChange {
  readonly failureCount: number;
  readonly tripped: TrippedRule | null;
  /** False: it has delivered again. */
  readonly unwell: boolean;
}

/**
 * The part of a statement that counts the end of a delivery, in the same statement that writes it, so that it counts
 * exactly once: `ended` is a part before it with endpoint_id, status, reason, completed_at and trigger. What counts
 * is a delivery of an event that was delivered, exhausted or refused, while its endpoint is enabled and has met no
 * rule yet; what was in flight then does not count any more.
 * @param statusCode of the answer that ended it: 410 disables where the rule says so
 */
export function countedIn(ended: Sql, rule: HealthRule, statusCode: number | null): Sql {
  return sql`
    update endpoints set
      failure_count = case ${ended}.status when 'delivered' then 0 else failure_count + 1 end,
      failing_since = case ${ended}.status when 'delivered' then null
        else coalesce(failing_since, ${ended}.completed_at) end,
      unwell = ${ended}.status <> 'delivered',
      tripped = case
        when ${ended}.status = 'delivered' then null
        when ${rule.onGone && statusCode === 410}::boolean then 'gone'
        when failure_count + 1 >= ${rule.afterFailures}::int then 'consecutive_failures'
        when failing_since <= ${ended}.completed_at - ${rule.afterHours}::float8 * interval '1 hour' then 'continuous_failure'
        end
    from ${ended}
    where endpoints.id = ${ended}.endpoint_id and ${ended}.completed_at is not null
      and ${ended}.trigger = 'event' and (${ended}.reason is null or ${ended}.reason = any(${COUNTED}::text[]))
      and endpoints.enabled and endpoints.tripped is null
      and (${ended}.status <> 'delivered' or endpoints.unwell)
    returning endpoints.failure_count, endpoints.tripped, endpoints.unwell`;
}

/** What `countedIn` returns. */
export type HealthRow = { readonly [K in keyof HealthChange]: HealthChange[K] | null };

/** Null where nothing was counted. */
export function healthChange(row: HealthRow | undefined): HealthChange | null {
  if (!row || row.failureCount === null || row.unwell === null) return null;
  return { failureCount: row.failureCount, tripped: row.tripped, unwell: row.unwell };
}

/** An endpoint's standing once nobody is changing it any more; null when there is no such endpoint. */
export async function standingOf(db: Queryable, endpointId: string): Promise<EndpointStanding | null> {
  const [standing] = await rowsOf<Omit<EndpointStanding, 'failingSince'> & { failingSince: Date | null }>(
    db,
    sql`select enabled, disabled_reason, tripped, failure_count, failing_since, unwell from endpoints
     where id = ${endpointId} for share`,
  );
  return standing ? { ...standing, failingSince: standing.failingSince?.toISOString() ?? null } : null;
}

/** What deliveries have made of an endpoint's health; null when there is no such endpoint. */
export async function failuresOf(
  db: Queryable,
  endpointId: string,
): Promise<{ readonly failureCount: number; readonly failingSince: Date | null } | null> {
  const [failures] = await rowsOf<{ failureCount: number; failingSince: Date | null }>(
    db,
    sql`select failure_count, failing_since from endpoints where id = ${endpointId}`,
  );
  return failures ?? null;
}

/**
 * Disables an endpoint for the rule that it has met; one that was enabled again meanwhile stays as it is.
 * @returns the application of one that was disabled now
 */
export async function disableTripped(db: Queryable, endpointId: string, now: Date): Promise<string | null> {
  const [disabled] = await rowsOf<{ appId: string }>(
    db,
    sql`update endpoints
     set enabled = false, disabled_at = ${now}, disabled_reason = tripped, tripped = null, updated_at = ${now}
     where id = ${endpointId} and enabled and tripped is not null
     returning app_id`,
  );
  return disabled?.appId ?? null;
}

/** The profile and settings of a delivery's application; null when it is gone. */
export async function appOfDelivery(
  db: Queryable,
  day: string,
  deliveryId: string,
): Promise<{ profile: string; settings: AppSettings } | null> {
  const [app] = await rowsOf<{ profile: string; settings: StoredSettings }>(
    db,
    sql`select a.profile, a.settings from deliveries d join apps a on a.id = d.app_id
     where d.day = ${day} and d.id = ${deliveryId}`,
  );
  return app ? { profile: app.profile, settings: settingsOf(app.settings) } : null;
}
