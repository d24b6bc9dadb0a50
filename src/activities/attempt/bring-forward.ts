import { bringForward } from '../../store/deliveries/bring-forward.js';
import type { Ended, NotInLog, Retry } from '../../workflows/contract/delivery.js';
import { closeWith } from './close-delivery.js';
import type { Dependencies } from '../dependencies.js';

/** Makes a delivery's next attempt due now; gives its number, or how the delivery has ended. */
export function bringForwardActivity(deps: Dependencies) {
  return async (deliveryId: string): Promise<Ended | Retry | NotInLog> => {
    const next = await bringForward(deps.pool, deliveryId, deps.now());
    if (next === null) return closeWith(deps, deliveryId, 'cancelled');
    deps.changes.tell({ kind: 'delivery', appId: null, id: deliveryId });
    return { kind: 'retry', next, delayMs: 0, last: null };
  };
}
