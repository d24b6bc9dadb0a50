import type { EndpointStanding } from '../../domain/endpoint-health.js';
import { disableTripped, standingOf } from '../../store/endpoints/health.js';
import { addressOf } from '../../store/endpoints/endpoints.js';
import type { HealthAnnouncement } from '../../workflows/slices.js';
import type { Dependencies } from '../dependencies.js';
import { tellOperational } from './operational-event.js';

/** The endpoint's health as PostgreSQL has it now; null when the endpoint is gone. */
export function lookAtHealthActivity(deps: Dependencies) {
  return (endpointId: string): Promise<EndpointStanding | null> => standingOf(deps.pool, endpointId);
}

/** Disables an endpoint for the rule that it has met, unless it was enabled again meanwhile. */
export function disableEndpointActivity(deps: Dependencies) {
  return async (endpointId: string): Promise<void> => {
    const appId = await disableTripped(deps.pool, endpointId, deps.now());
    if (appId !== null) deps.changes.tell({ kind: 'webhook', appId, id: endpointId });
  };
}

/** Tells those who ask for it that an endpoint's health has changed. */
export function announceHealthActivity(deps: Dependencies) {
  return async (announcement: HealthAnnouncement): Promise<void> => {
    const { endpointId, type, at } = announcement;
    const endpoint = await addressOf(deps.pool, endpointId);
    if (!endpoint) return;
    await tellOperational(deps, {
      appId: endpoint.appId,
      aboutEndpointId: endpointId,
      type,
      occurrence: at,
      data: {
        webhook_id: endpointId,
        url: endpoint.url,
        failure_count: announcement.failureCount,
        failing_since: announcement.failingSince,
        ...(type === 'endpoint.disabled' ? { disabled_reason: announcement.reason } : {}),
        occurred_at: at,
      },
    });
  };
}
