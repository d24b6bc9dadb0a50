import {
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import { GrowingPause } from './growing-pause.js';
import { jobChangedSignal } from './messages.js';
import { paced, SLICES_A_RUN } from './options.js';
import { isLong } from './run-length.js';
import type { EventCursor, RecoveryInput } from './slices.js';

const { recoverWindow } = proxyActivities<WorkflowActivities>(paced);

/** Who pauses or resumes it may die before the signal is sent. */
const LOOK_EVERY_MS = 300_000;
/** Of looks at a job that stays as it is, although it is said to have changed. */
const PAUSES = { free: 3, firstMs: 250, longestMs: 10_000 };

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
  const pauses = new GrowingPause(PAUSES);
  for (let slices = 1; ; slices += 1) {
    const seen = changes;
    const slice = await recoverWindow(recovery, cursor, Date.now() - since);
    // A change that Temporal does not take any more counts on the run that follows one with so many.
    const isLast = slices >= SLICES_A_RUN || isLong(workflowInfo(), changes);
    switch (slice.kind) {
      case 'over':
        if (changes === seen && !isLast) return;
        await paused(pauses.next());
        break;
      case 'paused':
        cursor = slice.cursor;
        await paused(pauses.next());
        if (!isLast)
          await condition(() => changes !== seen, LOOK_EVERY_MS, { summary: 'the recovery is paused' });
        since = Date.now();
        break;
      case 'more':
        cursor = slice.cursor;
        pauses.reset();
        await paused(slice.pauseMs);
        break;
    }
    if (isLast) await continueAsNew<typeof recoverEndpoint>(recovery, cursor, since);
  }
}

async function paused(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, { summary: 'until the next events are due' });
}
