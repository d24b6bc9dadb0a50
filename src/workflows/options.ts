/** Options of the activities that are about the log: they wait for as long as PostgreSQL is away. */

/** An opening that takes longer is taken for lost: milliseconds. */
export const OPENING_TIMEOUT_MS = 30_000;

/** A quick try in the workflow's own task; then it is Temporal's to wait, which writes no history. */
export const opening = {
  startToCloseTimeout: OPENING_TIMEOUT_MS,
  retry: { maximumAttempts: 3, initialInterval: '200 milliseconds', backoffCoefficient: 2 },
} as const;

export const untilDone = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} as const;

/** For what waits until the log knows something, which may need somebody who restores it. */
export const untilKnown = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
} as const;

/** For work that goes on for some seconds at a pace, and says that it does. */
export const paced = { ...untilDone, heartbeatTimeout: '10 seconds' } as const;

/** After so many slices of such work a run is continued as a new one, so that its history stays small. */
export const SLICES_A_RUN = 25;
