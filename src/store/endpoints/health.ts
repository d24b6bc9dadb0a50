import type { EndpointStanding } from '../../domain/endpoint-health.js';
import type { AppSettings } from '../../domain/app.js';
import type { TrippedRule, HealthRule } from '../../domain/health-rule.js';
import type { Queryable } from '../database/pool.js';
import { settingsOf, type StoredSettings } from '../apps/apps.js';

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
 * rule yet; what was in flight then does not count any more. `$n` are the rule: failures, hours, whether 410 came
 * and disables.
 */
export function countedIn(ended: string, [failures, hours, gone]: readonly [string, string, string]): string {
  return `
    update endpoints set
      failure_count = case ${ended}.status when 'delivered' then 0 else failure_count + 1 end,
      failing_since = case ${ended}.status when 'delivered' then null
        else coalesce(failing_since, ${ended}.completed_at) end,
      unwell = ${ended}.status <> 'delivered',
      tripped = case
        when ${ended}.status = 'delivered' then null
        when ${gone}::boolean then 'gone'
        when failure_count + 1 >= ${failures}::int then 'consecutive_failures'
        when failing_since <= ${ended}.completed_at - ${hours}::float8 * interval '1 hour' then 'continuous_failure'
        end
    from ${ended}
    where endpoints.id = ${ended}.endpoint_id and ${ended}.completed_at is not null
      and ${ended}.trigger = 'event' and (${ended}.reason is null or ${ended}.reason in ('exhausted', 'refused'))
      and endpoints.enabled and endpoints.tripped is null
      and (${ended}.status <> 'delivered' or endpoints.unwell)
    returning endpoints.failure_count, endpoints.tripped, endpoints.unwell`;
}

export interface HealthRow {
  failure_count: number | null;
  tripped: TrippedRule | null;
  unwell: boolean | null;
}

/** What `countedIn` returned; null where nothing was counted. */
export function healthChange(row: HealthRow | undefined): HealthChange | null {
  if (!row || row.failure_count === null || row.unwell === null) return null;
  return { failureCount: row.failure_count, tripped: row.tripped, unwell: row.unwell };
}

/** The values of a rule, as `countedIn` takes them. */
export function ruleValues(rule: HealthRule, statusCode: number | null): unknown[] {
  return [rule.afterFailures, rule.afterHours, rule.onGone && statusCode === 410];
}

/** An endpoint's standing once nobody is changing it any more; null when there is no such endpoint. */
export async function standingOf(db: Queryable, endpointId: string): Promise<EndpointStanding | null> {
  const { rows } = await db.query<{
    enabled: boolean;
    disabled_reason: string | null;
    tripped: string | null;
    failure_count: number;
    failing_since: Date | null;
    unwell: boolean;
  }>(
    `select enabled, disabled_reason, tripped, failure_count, failing_since, unwell from endpoints where id = $1
     for share`,
    [endpointId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    tripped: row.tripped,
    failureCount: row.failure_count,
    failingSince: row.failing_since?.toISOString() ?? null,
    unwell: row.unwell,
  };
}

/** Disables an endpoint for the rule that it has met; one that was enabled again meanwhile stays as it is. */
export async function disableTripped(db: Queryable, endpointId: string, now: Date): Promise<void> {
  await db.query(
    `update endpoints
     set enabled = false, disabled_at = $2, disabled_reason = tripped, tripped = null, updated_at = $2
     where id = $1 and enabled and tripped is not null`,
    [endpointId, now],
  );
}

/** The profile and settings of a delivery's application; null when it is gone. */
export async function appOfDelivery(
  db: Queryable,
  day: string,
  deliveryId: string,
): Promise<{ profile: string; settings: AppSettings } | null> {
  const { rows } = await db.query<{ profile: string; settings: StoredSettings }>(
    `select a.profile, a.settings from deliveries d join apps a on a.id = d.app_id where d.day = $1 and d.id = $2`,
    [day, deliveryId],
  );
  const [row] = rows;
  return row ? { profile: row.profile, settings: settingsOf(row.settings) } : null;
}
