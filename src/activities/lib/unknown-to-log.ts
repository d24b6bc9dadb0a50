import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { isRemoved } from '../../store/apps/removed-ids.js';
import type { Dependencies } from '../dependencies.js';

const LONGEST_PAUSE_MS = 300_000;

/**
 * The failure of an activity that waits for something which the log does not know: neither there nor deleted. A restored
 * database may know it again. Temporal tries again, with growing pauses, without history.
 */
export function unknownToLog(
  { gaps }: Dependencies,
  ids: Parameters<Dependencies['gaps']['waits']>[0],
  what: string,
): ApplicationFailure {
  const attempt = patientAttempt();
  const failure = { message: what, category: ApplicationFailureCategory.BENIGN };
  if (attempt === null) return ApplicationFailure.create(failure);
  gaps.waits(ids, what, attempt);
  return ApplicationFailure.create({
    ...failure,
    nextRetryDelay: Math.min(2 ** Math.min(attempt, 20) * 500, LONGEST_PAUSE_MS),
  });
}

/** Of the current activity; null for one in the workflow's own task, which is quick, and for what is done ahead of one. */
function patientAttempt(): number | null {
  try {
    const { attempt, isLocal } = activityInfo();
    return isLocal ? null : attempt;
  } catch {
    return null;
  }
}

/**
 * Completes when an application that is not there was deleted.
 * @throws ApplicationFailure when the log does not know it: its events wait
 */
export async function assertAppRemoved(
  deps: Dependencies,
  appId: string,
  eventId: string | undefined,
): Promise<void> {
  if (await isRemoved(deps.pool, appId)) return;
  throw unknownToLog(deps, { app_id: appId, event_id: eventId }, 'PostgreSQL does not know the application');
}
