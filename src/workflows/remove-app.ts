import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import { paced, SLICES_A_RUN } from './options.js';
import { isLong } from './run-length.js';
import type { RemovalState } from './slices.js';

const { removeAppData } = proxyActivities<WorkflowActivities>(paced);

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** As long as an event's opening may take that began before the deletion. */
const LAST_LOOK_AFTER_MS = 60_000;

const BEGINNING: RemovalState = { cursor: null, pauseMs: FIRST_PAUSE_MS, wasClear: false };

/**
 * Removes what a deleted application has left in the log, as its open deliveries end, and looks once more a minute
 * after nothing was left. Its id is `remove-app/<app_id>`.
 * @param state how far it has come
 */
export async function removeApp(appId: string, state = BEGINNING): Promise<void> {
  for (let slices = 1; ; slices += 1) {
    const slice = await removeAppData(appId, state.cursor, state.wasClear);
    switch (slice.kind) {
      case 'more':
        state = { ...state, cursor: slice.cursor };
        break;
      case 'open':
        await sleep(state.pauseMs, { summary: 'until open deliveries have ended' });
        state = { ...state, cursor: null, pauseMs: Math.min(2 * state.pauseMs, LONGEST_PAUSE_MS) };
        break;
      case 'clear':
        if (state.wasClear) return;
        await sleep(LAST_LOOK_AFTER_MS, { summary: 'until the last look' });
        state = { ...state, cursor: null, wasClear: true };
        break;
      case 'kept':
        return;
    }
    if (slices >= SLICES_A_RUN || isLong(workflowInfo(), 0)) {
      await continueAsNew<typeof removeApp>(appId, state);
    }
  }
}
