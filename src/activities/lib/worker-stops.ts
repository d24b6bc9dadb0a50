import { cancellationDetails, Context } from '@temporalio/activity';

/**
 * Aborted when the worker must end before its activities have. A cancelled workflow is no reason to break off a
 * POST: its outcome is waited for.
 */
export function workerStops(): AbortSignal {
  const controller = new AbortController();
  Context.current().cancelled.catch(() => {
    if (!cancellationDetails()?.cancelRequested) controller.abort();
  });
  return controller.signal;
}
