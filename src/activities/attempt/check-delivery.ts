import { findSealedOf } from '../../store/deliveries/deliveries.js';
import { isRemoved } from '../../store/apps/removed-ids.js';
import { unknownToLog } from '../lib/unknown-to-log.js';
import { unsealed } from '../../store/secrets/unsealed.js';
import type { Dependencies } from '../dependencies.js';

/**
 * Completes when the log answers, knows the endpoint and its secret opens: when the delivery's next attempt can be made as
 * far as Posthorn itself is concerned. Until then it fails, and Temporal waits with it, without any history.
 */
export function checkDeliveryActivity(deps: Dependencies) {
  return async (deliveryId: string): Promise<void> => {
    const found = await findSealedOf(deps.pool, deliveryId);
    // The next attempt finds out that PostgreSQL does not know the delivery.
    if (!found) return;
    const { endpointId, sealed } = found;
    if (sealed) unsealed(deps.sealer, sealed, deps.now());
    else if (!(await isRemoved(deps.pool, endpointId))) {
      const ids = { delivery_id: deliveryId, webhook_id: endpointId };
      throw unknownToLog(deps, ids, 'PostgreSQL does not know the endpoint');
    }
  };
}
