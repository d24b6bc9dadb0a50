import { proxyActivities, proxyLocalActivities, TemporalFailure } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import { opening, untilDone } from './options.js';

type Activities = ReturnType<typeof proxyActivities<WorkflowActivities>>;

/**
 * Tries an activity in the workflow's own task; where that fails, it is Temporal's to wait with, without history.
 * @param summary what it does, for people who look at the workflow
 */
export async function quicklyOrPatiently<T>(
  summary: string,
  call: (activities: Activities) => Promise<T>,
): Promise<T> {
  try {
    return await call(proxyLocalActivities<WorkflowActivities>({ ...opening, summary }));
  } catch (error) {
    // A local activity's failure comes as it is, not as an ActivityFailure.
    if (!(error instanceof TemporalFailure)) throw error;
    return call(proxyActivities<WorkflowActivities>({ ...untilDone, summary }));
  }
}
