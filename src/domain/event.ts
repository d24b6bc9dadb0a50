import type { Day } from './day.js';

/** An event as the log has it. */
export interface StoredEvent {
  readonly day: Day;
  readonly appId: string;
  readonly id: string;
  readonly eventType: string;
  /** The exact bytes that are signed and sent. */
  readonly body: Buffer;
  readonly createdAt: Date;
}

export const EVENT_STATUSES = ['pending', 'failed', 'cancelled', 'delivered', 'unmatched'] as const;

/** What became of an event, over the latest delivery to each endpoint. */
export type EventStatus = (typeof EVENT_STATUSES)[number];
