import { heldDeliveries, markReleased } from '../store/held-deliveries.js';
import type { Dependencies } from './dependencies.js';

const PAGE = 100;

/**
 * Signals a page of an endpoint's held deliveries, oldest first, and takes them off the list of the held ones.
 * A worker that dies in between signals them again, which does no harm.
 */
export function releaseHeldActivity(deps: Dependencies) {
  return async (endpointId: string): Promise<number> => {
    const held = await heldDeliveries(deps.pool, endpointId, PAGE);
    for (const { id, workflowId } of held) await deps.release(workflowId, id);
    await markReleased(deps.pool, held);
    return held.length;
  };
}
