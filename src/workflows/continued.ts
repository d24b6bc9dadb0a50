import type { AttemptSummary, DeliveryResult, OpenDelivery } from './contract/delivery.js';

/** What a run leaves to the next one, when its history has become long. */
export interface Continued {
  readonly ended: readonly PastDelivery[];
  readonly deliveries: readonly OpenDelivery[];
}

/** A delivery that has ended, with what people may want to see of it. */
export interface PastDelivery {
  readonly result: DeliveryResult;
  readonly last: string | null;
  /** Of those that are shown. */
  readonly attempts?: readonly AttemptSummary[];
}
