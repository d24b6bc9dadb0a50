import { findSealedOf } from '../store/deliveries.js';
import { unsealed } from './unsealed.js';
import type { Dependencies } from './dependencies.js';

/**
 * Completes when the log answers and the endpoint's secret opens: when the delivery's next attempt can be made as
 * far as Posthorn itself is concerned. Until then it fails, and Temporal waits with it, without any history.
 */
export function checkDeliveryActivity(deps: Dependencies) {
  return async (deliveryId: string): Promise<void> => {
    const endpoint = await findSealedOf(deps.pool, deliveryId);
    if (endpoint) unsealed(deps.sealer, endpoint, deps.now());
  };
}
