import { proxyActivities, proxyLocalActivities, TemporalFailure } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import { opening, untilDone } from './options.js';

const quickly = proxyLocalActivities<WorkflowActivities>(opening);
const patiently = proxyActivities<WorkflowActivities>(untilDone);

/** Tries an activity in the workflow's own task; where that fails, it is Temporal's to wait with, without history. */
export async function quicklyOrPatiently<T>(
  call: (activities: typeof quickly | typeof patiently) => Promise<T>,
): Promise<T> {
  try {
    return await call(quickly);
  } catch (error) {
    // A local activity's failure comes as it is, not as an ActivityFailure.
    if (!(error instanceof TemporalFailure)) throw error;
    return call(patiently);
  }
}
