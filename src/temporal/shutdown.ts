/** How long what is in flight at a stop may go on, in milliseconds: longer than an attempt with its log writes. */
export const GRACE_MS = 30_000;
/** What is broken off after that has so long to say so. */
export const FAREWELL_MS = 10_000;
