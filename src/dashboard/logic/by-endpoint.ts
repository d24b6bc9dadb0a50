import type { components } from '../../client/index.js';

type DeliveryWithAttempts = components['schemas']['DeliveryWithAttempts'];

/** The deliveries of an event to one endpoint. */
export interface EndpointDeliveries {
  readonly webhookId: string;
  /** The one that counts. */
  readonly latest: DeliveryWithAttempts;
  /** Those before it, the newest first. */
  readonly earlier: readonly DeliveryWithAttempts[];
}

/**
 * An event's deliveries by endpoint, the endpoints in the order in which they first got it.
 * @param deliveries the oldest first, as the API has them
 */
export function byEndpoint(deliveries: readonly DeliveryWithAttempts[]): EndpointDeliveries[] {
  const groups = new Map<string, DeliveryWithAttempts[]>();
  for (const delivery of deliveries) {
    groups.set(delivery.webhook_id, [delivery, ...(groups.get(delivery.webhook_id) ?? [])]);
  }
  return [...groups].flatMap(([webhookId, [latest, ...earlier]]) =>
    latest === undefined ? [] : [{ webhookId, latest, earlier }],
  );
}
