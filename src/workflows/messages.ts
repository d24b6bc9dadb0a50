import { defineQuery, defineSignal } from '@temporalio/workflow';

/** Lets a held delivery go on: its endpoint takes deliveries again. Sent twice, it does no harm. */
export const releaseSignal = defineSignal<[deliveryId: string]>('release');

/** What a delivery is doing. */
export type DeliveryState = 'sending' | 'waiting' | 'held' | 'delivered' | 'failed';

/** What became of an event's deliveries so far. */
export interface EventStatusAnswer {
  readonly deliveries: readonly {
    readonly delivery_id: string;
    readonly webhook_id: string;
    readonly state: DeliveryState;
    readonly attempt: number;
    readonly next_attempt_at: string | null;
    readonly reason: string | null;
    readonly last: string | null;
  }[];
}

export const statusQuery = defineQuery<EventStatusAnswer>('status');
