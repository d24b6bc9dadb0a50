import type { WorkflowExecutionDescription } from '@temporalio/client';

/** What Temporal knows of an event now, beside the log: whether its workflow runs, and the attempts that wait. */
export function liveView(description: WorkflowExecutionDescription | null) {
  if (!description) return null;
  return {
    workflow_status: description.status.name.toLowerCase(),
    history_length: description.historyLength,
    pending_attempts: (description.raw.pendingActivities ?? []).map((activity) => ({
      retries: (activity.attempt ?? 1) - 1,
      next_attempt_at: timeOf(activity.scheduledTime),
      last_failure: activity.lastFailure?.message ?? null,
    })),
  };
}

function timeOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string | null {
  if (!time) return null;
  return new Date(Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6).toISOString();
}
