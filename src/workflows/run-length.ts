/**
 * When a run is continued as a new one. Temporal ends a run by force at 51,200 events or 50 MB, and refuses its
 * signals after 10,000. A thousand deliveries have some 7,000 events before the first of them waits, and a continuation
 * schedules them anew, so that a run must be much longer than that.
 */
const MOST_EVENTS = 20_000;
const MOST_BYTES = 20_000_000;
const MOST_SIGNALS = 4_000;

/** @param signals how many the run has had; Temporal does not say */
export function isLong(
  { historyLength, historySize }: { readonly historyLength: number; readonly historySize: number },
  signals: number,
): boolean {
  return historyLength >= MOST_EVENTS || historySize >= MOST_BYTES || signals >= MOST_SIGNALS;
}
