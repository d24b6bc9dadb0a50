import { errorCode } from '../../lib/errors.js';
import { recordAttempt, type Recorded } from './attempts.js';
import { openEvents, type EventOpening, type OpeningResult } from '../events/event-openings.js';
import { isDatabaseUnavailable, QUERY_CANCELED } from '../database/errors.js';
import { batcher } from '../../lib/batcher.js';
import type { Pool } from '../database/pool.js';
import { isPlain, recordAttempts, type EndedAttempt } from './record-attempts.js';

/** Records events and the outcomes of attempts; concurrent writes share a statement. */
export interface LogWriter {
  /** See `openEvents`. */
  open(event: EventOpening): Promise<OpeningResult>;
  /** See `recordAttempt`. */
  record(ended: EndedAttempt): Promise<Recorded>;
}

const MOST = 100;
const STATEMENTS = 3;
/** Only its workflow waits for an attempt's outcome, so under load two or more share a statement. */
const RECORDS_APART_MS = 20;
/** This many deliveries, or bytes of body, weigh as much as the smallest event. */
const DELIVERIES = 50;
const BODY_BYTES = 65_536;

function weightOf({ deliveries, body }: EventOpening): number {
  return Math.max(1, deliveries.length / DELIVERIES, body.length / BODY_BYTES);
}

/** PostgreSQL cannot do it now, or it took so long that nobody waits any more and halves would take as long. */
function isNotOfOne(error: unknown): boolean {
  return isDatabaseUnavailable(error) || errorCode(error) === QUERY_CANCELED;
}

export function createLogWriter(pool: Pool, now: () => Date): LogWriter {
  const recordTogether = batcher<EndedAttempt, Recorded | null>({
    run: (ended) => recordAttempts(pool, ended),
    failsAll: isNotOfOne,
    most: MOST,
    calls: STATEMENTS,
    apartMs: RECORDS_APART_MS,
  });
  return {
    open: batcher({
      run: (events) => openEvents(pool, events, now()),
      failsAll: isNotOfOne,
      most: MOST,
      weigh: weightOf,
      calls: STATEMENTS,
    }),
    async record(ended) {
      const recorded = isPlain(ended) ? await recordTogether(ended) : null;
      if (recorded) return recorded;
      const { deliveryId, attempt, change, rule } = ended;
      return recordAttempt(pool, deliveryId, attempt, change, rule);
    },
  };
}
