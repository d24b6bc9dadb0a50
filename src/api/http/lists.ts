import { Bulkhead, BulkheadFull } from '../../lib/bulkhead.js';
import { errorCode } from '../../lib/errors.js';
import { QUERY_CANCELED } from '../../store/database/errors.js';
import type { Pool, Queryable } from '../../store/database/pool.js';
import { Semaphore } from '../../lib/semaphore.js';
import { problems } from './problem.js';

/**
 * What may read much of the log for an answer: lists. They have connections of their own, so that deliveries and
 * submissions never wait for them, and a time after which they are given up.
 */
export interface Lists {
  /**
   * @param caller whose lists are counted together: a key's id
   * @throws Problem 429 when the caller has too many under way, 503 when it takes too long
   */
  read<T>(caller: string, work: (db: Queryable) => Promise<T>): Promise<T>;
}

/** Lists of one caller that read at the same time, and that wait: a page of the dashboard asks for some at once. */
const OF_A_CALLER = { forEachConcurrent: 2, waiting: 14 };
/** From the request on, a list waits for its turn no longer than this, */
const WAIT_MS = 1_000;
/** begins no further statement after this, */
const LAST_BEGIN_MS = 1_300;
/** and each statement ends after this: so a list is answered, or given up, within 2.5 s. */
export const LIST_STATEMENT_MS = 1_200;
/**
 * Lists are found by index, some rows of them: a whole table is read by none, and no list takes further processes. The
 * planner, which knows the whole table's shares and not an application's, may think otherwise.
 */
export const LIST_SETTINGS =
  'set enable_seqscan = off; set max_parallel_workers_per_gather = 0; set random_page_cost = 1.1; set jit = off';
/** Of a process's connections a fifth, and no more: what lists do takes the database's time from everybody. */
const MOST_CONNECTIONS = 4;
const RETRY_AFTER_SECONDS = 1;

/** How many of a process's connections are the lists'. */
export function listConnections(inAll: number): number {
  return Math.max(1, Math.min(MOST_CONNECTIONS, Math.floor(inAll / 5)));
}

/**
 * @param pool theirs alone, whose statements end after `LIST_STATEMENT_MS`
 * @param connections how many it has
 */
export function createLists(pool: Pool, connections: number): Lists {
  const bulkhead = new Bulkhead(OF_A_CALLER);
  const turns = new Semaphore(connections);
  return {
    async read(caller, work) {
      const begun = performance.now();
      const tired = AbortSignal.timeout(WAIT_MS);
      const db = inTime(pool, begun + LAST_BEGIN_MS);
      try {
        return await bulkhead.run(caller, tired, () => turns.with(1, tired, () => work(db)));
      } catch (error) {
        if (error instanceof BulkheadFull) throw problems.tooManyLists(RETRY_AFTER_SECONDS);
        if (error === tired.reason || errorCode(error) === QUERY_CANCELED) throw problems.tookTooLong();
        throw error;
      }
    },
  };
}

/** The pool, for as long as statements may begin. */
function inTime(pool: Pool, deadline: number): Queryable {
  const query = (...statement: Parameters<Queryable['query']>) => {
    if (performance.now() > deadline) throw problems.tookTooLong();
    return pool.query(...statement);
  };
  return { query: query as Queryable['query'] };
}
