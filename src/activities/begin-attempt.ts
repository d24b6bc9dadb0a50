import { beginAttempt, holdDelivery, type BeginningRow } from '../store/attempts.js';
import type { AttemptResult, FinalReason } from '../workflows/contract.js';
import { closeWith } from './close-delivery.js';
import type { Dependencies } from './dependencies.js';
import type { ReadyAttempt } from './ready-attempts.js';
import { LOG_PATIENCE_MS } from './send-attempt.js';
import { within } from './within.js';

/**
 * Marks an attempt as begun in the log and says what to send, or settles it without sending: it is in the log
 * already, it is not due yet, or the endpoint takes none.
 */
export async function beginOrSettle(
  deps: Dependencies,
  deliveryId: string,
  number: number,
): Promise<{ ready: ReadyAttempt } | { settled: AttemptResult }> {
  const now = deps.now();
  const row = await within(LOG_PATIENCE_MS, beginAttempt(deps.pool, deliveryId, number, now));
  if (!row) return { settled: { kind: 'failed', number, reason: 'cancelled', attempts: [] } };
  if (row.begun) return { ready: readyAttempt(deliveryId, number, row) };
  if (row.completed_at) return { settled: endedAs(row) };
  if (row.recorded || (row.next_attempt_at && row.next_attempt_at > now)) {
    const next = row.recorded ? row.attempt_count + 1 : number;
    const delayMs = Math.max(0, (row.next_attempt_at?.getTime() ?? 0) - now.getTime());
    return { settled: { kind: 'retry', next, delayMs, last: row.last_error } };
  }
  if (!row.endpoint_exists) return { settled: await closeWith(deps, deliveryId, 'endpoint_deleted') };
  if (!row.endpoint_enabled && (await holdDelivery(deps.pool, deliveryId))) {
    return { settled: { kind: 'held', next: number } };
  }
  if (row.attempt_count > number) throw new Error('a later attempt of this delivery has begun');
  // The endpoint was enabled between the two looks at it.
  return beginOrSettle(deps, deliveryId, number);
}

function endedAs(row: BeginningRow): AttemptResult {
  const number = row.attempt_count;
  if (row.status === 'delivered') return { kind: 'delivered', number, statusCode: row.last_status_code };
  return { kind: 'failed', number, reason: (row.reason ?? 'exhausted') as FinalReason, attempts: [] };
}

function readyAttempt(deliveryId: string, number: number, row: BeginningRow): ReadyAttempt {
  if (row.body === null || row.url === null || row.app_name === null || row.profile === null) {
    throw new Error('the delivery has lost its event or its application');
  }
  return {
    deliveryId,
    number,
    possiblyRepeated: row.status === 'processing' && row.attempt_count === number,
    trigger: row.trigger,
    appId: row.app_id,
    appName: row.app_name,
    profileId: row.profile,
    eventId: row.event_id,
    eventType: row.event_type,
    body: row.body,
    endpointId: row.endpoint_id,
    url: row.url,
    secret: row.secret,
    headers: row.headers,
  };
}
