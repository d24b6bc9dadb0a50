import type { Day } from './day.js';
import type { Schedule } from './schedule.js';

/** The four statuses of Scute's document; `failed` with `nextAttemptAt` will be retried. */
export const DELIVERY_STATUSES = ['pending', 'processing', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why a delivery is held: the endpoint takes none now. */
export const HOLD_REASONS = ['endpoint_paused', 'endpoint_disabled', 'at_capacity'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** What a delivery waits for. */
export const WAITING_REASONS = ['scheduled', ...HOLD_REASONS] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** Why a delivery failed for good. */
export const FINAL_REASONS = ['exhausted', 'refused', 'expired', 'cancelled', 'endpoint_deleted'] as const;
export type FinalReason = (typeof FINAL_REASONS)[number];

/** What follows from a failure for good. */
export interface Consequences {
  /** Whether it counts against the health of its endpoint. */
  readonly counts: boolean;
  /** Whether `delivery.exhausted` tells of it. */
  readonly isTold: boolean;
}

const CONSEQUENCES: Readonly<Record<FinalReason, Consequences>> = {
  exhausted: { counts: true, isTold: true },
  refused: { counts: true, isTold: true },
  expired: { counts: false, isTold: true },
  cancelled: { counts: false, isTold: false },
  endpoint_deleted: { counts: false, isTold: false },
};

/** Nothing follows from a reason that only a later version knows. */
export function consequencesOf(reason: FinalReason): Consequences {
  const known: Readonly<Partial<Record<string, Consequences>>> = CONSEQUENCES;
  return known[reason] ?? CONSEQUENCES.cancelled;
}

/** Why a delivery waits, or why it failed for good. */
export const DELIVERY_REASONS = [...WAITING_REASONS, ...FINAL_REASONS] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

/** What made a delivery: an event, a test, a resend, a recovery, or an event of Posthorn's own. */
export const DELIVERY_TRIGGERS = ['event', 'test', 'resend', 'recover', 'operational'] as const;
export type DeliveryTrigger = (typeof DELIVERY_TRIGGERS)[number];

export interface Delivery {
  readonly id: string;
  readonly day: Day;
  readonly appId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly endpointId: string;
  readonly trigger: DeliveryTrigger;
  readonly workflowId: string;
  /** The one that it started with, known once an attempt has failed; null before. */
  readonly schedule: Schedule | null;
  /** The recovery that made it. */
  readonly jobId: string | null;
  readonly status: DeliveryStatus;
  readonly reason: DeliveryReason | null;
  readonly attemptCount: number;
  /** When the latest attempt began. */
  readonly attemptStartedAt: Date | null;
  /** Null unless it waits for that time. */
  readonly nextAttemptAt: Date | null;
  /** Since when it is held, and when it fails as `expired` if it still is; null while it is not. */
  readonly heldAt: Date | null;
  readonly holdEndsAt: Date | null;
  readonly lastStatusCode: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  /** After this no attempt begins: the event's `expires_at`. */
  readonly expiresAt: Date | null;
  readonly completedAt: Date | null;
}
