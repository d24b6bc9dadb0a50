import type { Delivery, DeliveryTrigger } from '../../domain/delivery.js';
import { dayOf } from '../../domain/day.js';

/** A delivery that will certainly be made, before PostgreSQL has it. */
export function pendingDelivery(
  event: { id: string; appId: string; eventType: string; createdAt: Date },
  endpointId: string,
  delivery: { id: string; trigger: DeliveryTrigger; workflowId: string; createdAt: Date },
): Delivery {
  return {
    ...delivery,
    day: dayOf(event.createdAt),
    appId: event.appId,
    eventId: event.id,
    eventType: event.eventType,
    endpointId,
    jobId: null,
    status: 'pending',
    reason: null,
    attemptCount: 0,
    attemptStartedAt: null,
    nextAttemptAt: null,
    heldAt: null,
    holdEndsAt: null,
    lastStatusCode: null,
    lastError: null,
    expiresAt: null,
    schedule: null,
    completedAt: null,
  };
}
