import { recordAttempts, type EndedAttempt, type Recorded } from './attempts.js';
import { openEvents, type EventOpening, type OpeningResult } from './events.js';
import { grouped } from './grouped.js';
import type { Pool } from './pool.js';

/** What is written to the log for each delivery; what comes at the same time goes in one statement. */
export interface LogWriter {
  /** See `openEvents`. */
  open(event: EventOpening): Promise<OpeningResult>;
  /** See `recordAttempts`. */
  record(ended: EndedAttempt): Promise<Recorded>;
}

const MOST = 100;
const STATEMENTS = 3;

export function createLogWriter(pool: Pool, now: () => Date): LogWriter {
  return {
    open: grouped({ run: (events) => openEvents(pool, events, now()), most: MOST, calls: STATEMENTS }),
    record: grouped({ run: (ended) => recordAttempts(pool, ended), most: MOST, calls: STATEMENTS }),
  };
}
