import { Bulkhead, BulkheadFull } from '../../lib/bulkhead.js';
import { errorCode } from '../../lib/errors.js';
import { QUERY_CANCELED } from '../../store/database/errors.js';
import type { Pool, Queryable } from '../../store/database/pool.js';
import { Semaphore } from '../../lib/semaphore.js';
import type { PageRequest, Position } from '../../domain/page.js';
import { pageOf, type Page, type PageQuery } from './pagination.js';
import { problems } from './problem.js';

/**
 * Lists, which may read much of PostgreSQL for one answer. They have their own connections, so that deliveries and
 * submissions never wait for them, and a time limit.
 */
export interface Lists {
  /**
   * One page of a list.
   * @param caller the key's id, by which lists are counted
   * @throws Problem 429 when the caller has too many under way, 503 when it takes too long
   */
  page<Row extends Position>(
    caller: string,
    query: PageQuery,
    list: (db: Queryable, page: PageRequest) => Promise<readonly Row[]>,
  ): Promise<Page<Row>>;
  /**
   * The same for what is no page of a list: a search, a statistic.
   * @throws Problem as above
   */
  read<T>(caller: string, work: (db: Queryable) => Promise<T>): Promise<T>;
}

/** Lists of one caller that run, and that wait: a page of a dashboard asks for several at once. */
const OF_A_CALLER = { concurrent: 2, waiting: 14 };
/** A list that has waited this long for its turn is given up. */
const WAIT_MS = 1_000;
/** A list starts no further statement this long after its request. */
const LAST_BEGIN_MS = 1_300;
/** A statement of a list is cancelled after this time. So a list is answered or given up within 2.5 s. */
export const LIST_STATEMENT_MS = 1_200;
/**
 * Lists use an index and read some rows: never a whole table, and never parallel workers. The planner knows the whole
 * table's statistics, not one application's, and might choose otherwise.
 */
export const LIST_SETTINGS =
  'set enable_seqscan = off; set max_parallel_workers_per_gather = 0; set random_page_cost = 1.1; set jit = off';
/** Lists get a fifth of a process's connections, at most this many: they take the database's time from everyone. */
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
  const read: Lists['read'] = async (caller, work) => {
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
  };
  return {
    read,
    page: (caller, query, list) => read(caller, (db) => pageOf(query, (page) => list(db, page))),
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
