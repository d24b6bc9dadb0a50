import { condition, continueAsNew, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import { jobChangedSignal } from './messages.js';
import { paced, SLICES_A_RUN } from './options.js';
import type { EventCursor, RecoveryInput } from './slices.js';

const { recoverWindow } = proxyActivities<WorkflowActivities>(paced);

/**
 * Has the events of a window delivered to an endpoint anew, oldest first and at its pace; each delivery is a
 * `resendEvent` of its own. Its id is `recover/<webhook_id>/<job_id>`.
 * @param cursor how far it has come
 * @param since when it began, or was resumed, in milliseconds: it starts slowly
 */
export async function recoverEndpoint(
  recovery: RecoveryInput,
  cursor: EventCursor | null = null,
  since = Date.now(),
): Promise<void> {
  let changes = 0;
  setHandler(jobChangedSignal, () => {
    changes += 1;
  });
  for (let slices = 1; ; slices += 1) {
    const seen = changes;
    const slice = await recoverWindow(recovery, cursor, since);
    if (slice.kind === 'over') {
      if (changes === seen) return;
      continue;
    }
    cursor = slice.cursor;
    if (slice.kind === 'paused') {
      await condition(() => changes !== seen);
      since = Date.now();
    } else if (slice.pauseMs > 0) {
      await sleep(slice.pauseMs);
    }
    if (slices >= SLICES_A_RUN) {
      await continueAsNew<typeof recoverEndpoint>(recovery, cursor, since);
    }
  }
}
