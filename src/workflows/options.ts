import { TemporalFailure } from '@temporalio/workflow';

/** Options of the activities that are about the log: they wait for as long as PostgreSQL is away. */

/** A quick try in the workflow's own task; then it is Temporal's to wait, which writes no history. */
export const opening = {
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3, initialInterval: '200 milliseconds', backoffCoefficient: 2 },
} as const;

export const untilDone = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} as const;

/** Tries `quickly`, as a local activity, and then `patiently`. */
export async function sooner<T>(quickly: () => Promise<T>, patiently: () => Promise<T>): Promise<T> {
  try {
    return await quickly();
  } catch (error) {
    // A local activity's failure comes as it is, not as an ActivityFailure.
    if (!(error instanceof TemporalFailure)) throw error;
    return patiently();
  }
}

/** For work that goes on for some seconds at a pace, and says that it does. */
export const paced = { ...untilDone, heartbeatTimeout: '10 seconds' } as const;

/** After so many slices of such work a run is continued as a new one, so that its history stays small. */
export const SLICES_A_RUN = 25;
