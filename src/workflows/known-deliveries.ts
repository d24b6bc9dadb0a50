import type { Ended } from './contract/delivery.js';
import type { FinalReason } from '../domain/delivery.js';

/** A delivery as its workflow knows it, for a log that does not. */
export interface KnownDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** How many attempts were begun. */
  readonly begun: number;
  /** `under_way`: the outcome of the last of them is about to be written. */
  readonly state: 'waiting' | 'under_way' | Ended['kind'];
  readonly reason: FinalReason | null;
}

/**
 * What came of writing deliveries anew that the log did not know: `elsewhere`: another workflow has opened the event's
 * id since, and delivers it; `gone`: it was dropped with its day, or its application was deleted.
 */
export type Reopened = 'reopened' | 'elsewhere' | 'gone';
