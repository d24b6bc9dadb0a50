/** Grace period for attempts in flight at a stop, in milliseconds: longer than an attempt with its writes. */
export const GRACE_MS = 30_000;
/** After the grace period, aborted attempts have this long to report that they were aborted. */
export const FAREWELL_MS = 10_000;
