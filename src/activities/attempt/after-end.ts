import { consequencesOf } from '../../domain/delivery.js';
import type { EndedDelivery } from '../../store/deliveries/close-delivery.js';
import type { HealthChange } from '../../store/endpoints/health.js';
import type { Ended } from '../../workflows/contract/delivery.js';
import type { Dependencies } from '../dependencies.js';
import { tellOperational } from '../health/operational-event.js';

/**
 * What follows the end of an event's delivery: those who ask for it are told of its failure, and its endpoint's
 * health workflow of the change. The activity completes only after that; where a worker dies before, the repetition
 * finds the delivery ended and tells again. Telling twice changes nothing.
 * @param change how the endpoint's health moved; `unknown` when that was written before
 */
export async function afterEnd(
  deps: Dependencies,
  delivery: EndedDelivery,
  ended: Ended,
  change: HealthChange | 'unknown' | null,
): Promise<void> {
  // Tests, resends and recoveries count for nothing, and Posthorn's own events must not cause more of them.
  if (delivery.trigger !== 'event') return;
  if (ended.kind === 'failed' && consequencesOf(ended.reason).isTold) {
    await tellOperational(deps, {
      appId: delivery.appId,
      aboutEndpointId: delivery.endpointId,
      type: 'delivery.exhausted',
      occurrence: delivery.deliveryId,
      data: {
        delivery_id: delivery.deliveryId,
        event_id: delivery.eventId,
        event_type: delivery.eventType,
        webhook_id: delivery.endpointId,
        attempt_count: ended.number,
        reason: ended.reason,
        last_answer: ended.attempts.at(-1)?.answer ?? null,
      },
    });
  }
  if (change === null || (change === 'unknown' && !mayCount(ended))) return;
  deps.changes.tell({ kind: 'webhook', appId: delivery.appId, id: delivery.endpointId });
  if (change === 'unknown' || turns(change)) await deps.health.tell(delivery.appId, delivery.endpointId);
  else deps.health.mention(delivery.appId, delivery.endpointId);
}

/** Whether the state of the endpoint's health may have changed, and not only its count. */
function turns({ failureCount, tripped, unwell }: HealthChange): boolean {
  return !unwell || tripped !== null || failureCount === 1;
}

function mayCount(ended: Ended): boolean {
  return ended.kind === 'delivered' || consequencesOf(ended.reason).counts;
}
