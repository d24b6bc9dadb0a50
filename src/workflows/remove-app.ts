import { continueAsNew, proxyActivities, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import { GrowingPause } from './growing-pause.js';
import { lookAgainSignal } from './messages.js';
import { paced, SLICES_A_RUN } from './options.js';
import { isLong } from './run-length.js';
import type { RemovalState } from './slices.js';

const { removeAppData } = proxyActivities<WorkflowActivities>(paced);

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Of looks that find the application, although its deletion was said to come. */
const KEPT_PAUSES = { free: 3, firstMs: 250, longestMs: 10_000 };
/** As long as an event's opening may take that began before the deletion. */
const LAST_LOOK_AFTER_MS = 60_000;

const BEGINNING: RemovalState = { cursor: null, pauseMs: FIRST_PAUSE_MS, wasClear: false };

/**
 * Removes what a deleted application has left in the log, as its open deliveries end, and looks once more a minute
 * after nothing was left. Its id is `remove-app/<app_id>`.
 * @param state how far it has come
 */
export async function removeApp(appId: string, state = BEGINNING): Promise<void> {
  let wishes = 0;
  setHandler(lookAgainSignal, () => {
    wishes += 1;
  });
  const keptPauses = new GrowingPause(KEPT_PAUSES);
  for (let slices = 1; ; slices += 1) {
    const seen = wishes;
    const slice = await removeAppData(appId, state.cursor);
    // A wish that Temporal does not take any more counts on the run that follows one with so many.
    const isLast = slices >= SLICES_A_RUN || isLong(workflowInfo(), wishes);
    switch (slice.kind) {
      case 'more':
        state = { ...state, cursor: slice.cursor };
        break;
      case 'open':
        await sleep(state.pauseMs);
        state = { ...state, cursor: null, pauseMs: Math.min(2 * state.pauseMs, LONGEST_PAUSE_MS) };
        break;
      case 'clear':
        if (state.wasClear) return;
        await sleep(LAST_LOOK_AFTER_MS);
        state = { ...state, cursor: null, wasClear: true };
        break;
      case 'kept': {
        // A deletion that is tried again says so before it comes about.
        if (wishes === seen && !isLast) return;
        const pauseMs = keptPauses.next();
        if (pauseMs > 0) await sleep(pauseMs);
        break;
      }
    }
    if (isLast) await continueAsNew<typeof removeApp>(appId, state);
  }
}
