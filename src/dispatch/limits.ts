/**
 * The limits of first attempts, all in one place: they depend on each other, and test/unit/dispatch-limits.test.ts says
 * how. Times are in milliseconds.
 */

/** An endpoint is fast while it answers within this time. */
export const FAST_MS = 500;
/** How often a process looks for an answer in that time, and how often at least: see `ResponsiveClock`. */
export const LOOKS = 10;
export const FEWEST_LOOKS = 4;
/** A process that is busy itself waits this long for its looks. */
export const LONGEST_FAST_MS = 2_000;

/** A fast endpoint is known as fast for this long after its last answer, a slow one as slow. */
export const FAST_FOR_MS = 600_000;
export const SLOW_FOR_MS = 60_000;

/** First attempts that begin together. */
export const MOST_TOGETHER = 100;
/** A recording that has waited this long for its permit leaves its first attempts to the queue. */
export const PERMIT_PATIENCE_MS = 15_000;
/** A recording begins no further first attempts after this time. */
export const LAST_BEGINS_MS = 8_000;
/** A recording that has more unanswered leaves the rest to the queue, and room for other recordings. */
export const MOST_UNANSWERED = 50;
/** First attempts in flight in a process, at most: each has a socket. */
export const MOST_IN_FLIGHT = 1_000;

/** A workflow is told of its attempt for this long; by then it has asked the log. */
export const TELL_FOR_MS = 60_000;
export const FIRST_TELL_PAUSE_MS = 500;
export const LONGEST_TELL_PAUSE_MS = 10_000;

/** Of an answer that could not be logged, and travels through a history meanwhile: characters. */
export const LONGEST_TRAVELLING_BODY = 2_000;
