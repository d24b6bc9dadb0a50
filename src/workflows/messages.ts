import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { HealthStatus } from '../domain/endpoint-health.js';
import type { AttemptResult } from './contract/delivery.js';

/** Lets a held delivery go on: its endpoint takes deliveries again. Sent twice, it does no harm. */
export const releaseSignal = defineSignal<[deliveryId: string]>('release');

/** Makes the next attempt of a delivery that waits for it now. Sent twice, it does no harm. */
export const hurrySignal = defineSignal<[deliveryId: string]>('hurry');

/**
 * Tells what came of a first attempt that was under way when its event was opened, and when that was known, in
 * milliseconds since the epoch. Sent twice, it does no harm.
 */
export const attemptedSignal =
  defineSignal<[deliveryId: string, result: AttemptResult, at: number]>('attempted');

/** Tells an endpoint's health workflow that the log has something new of it. */
export const reportSignal = defineSignal('report');

/** Tells a drain that the endpoint may hold deliveries which it has not seen, a removal that its application goes. */
export const lookAgainSignal = defineSignal('lookAgain');

/** Tells a recovery that its job was paused, resumed, cancelled or deleted: the log says which. */
export const jobChangedSignal = defineSignal('jobChanged');

/** What an endpoint's health workflow knows. */
export const healthQuery = defineQuery<HealthStatus>('status');

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
